using System.Runtime.CompilerServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>A hash as sixteen words of 16 bits, each with one that comes after it, the first after the last.</summary>
internal static class RingOfWords
{
    public const int Count = PdqHash.Bits / 16;

    /// <summary>Not to the neighbour: words side by side, of frequencies side by side, say much the same.</summary>
    private const int Step = 5;

    public static ushort Of(in PdqHash hash, int word) =>
        Unsafe.Add(ref Unsafe.As<PdqHash, ushort>(ref Unsafe.AsRef(in hash)), word);

    public static int After(int word) => (word + Step) % Count;

    /// <summary>The two words after this one.</summary>
    public static uint NextTwo(in PdqHash hash, int word) => Of(hash, After(word)) | ((uint)Of(hash, After(After(word))) << 16);
}
