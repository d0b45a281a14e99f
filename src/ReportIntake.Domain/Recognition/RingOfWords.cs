using System.Runtime.CompilerServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>A hash as sixteen words of 16 bits, each with one that comes after it, the first after the last.</summary>
internal static class RingOfWords
{
    public const int Count = PdqHash.Bits / 16;

    public static ushort Of(in PdqHash hash, int word) =>
        Unsafe.Add(ref Unsafe.As<PdqHash, ushort>(ref Unsafe.AsRef(in hash)), word);

    /// <summary>Not the neighbour: words side by side, of frequencies side by side, say much the same.</summary>
    public static int After(int word) => (word + 5) % Count;
}
