using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace ReportIntake.Domain.Recognition;

/// <summary>
/// A PDQ hash: 256 bits, bit 16·i+j for the frequency i (vertical) and j (horizontal) of the picture. Written, as hash lists
/// do, as 64 hexadecimal digits with bit 255 first.
/// </summary>
/// <param name="A">Bits 0 to 63.</param>
/// <param name="B">Bits 64 to 127.</param>
/// <param name="C">Bits 128 to 191.</param>
/// <param name="D">Bits 192 to 255.</param>
public readonly record struct PdqHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bits = 256;

    /// <summary>Length of <see cref="ToBytes"/>.</summary>
    public const int Size = Bits / 8;

    /// <summary>Farther apart, two hashes are not of the same picture (Meta's PDQ paper, 2019: 31 of 256).</summary>
    public const int MaxMatchDistance = 31;

    /// <summary>Number of bits that differ, 0 to 256. Two unrelated pictures are 128 apart, give or take 16.</summary>
    public int DistanceTo(PdqHash other) =>
        BitOperations.PopCount(A ^ other.A) + BitOperations.PopCount(B ^ other.B)
        + BitOperations.PopCount(C ^ other.C) + BitOperations.PopCount(D ^ other.D);

    /// <summary>32 bytes, bit 255 first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, D);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), C);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(16), B);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), A);
        return bytes;
    }

    /// <summary>What <see cref="ToBytes"/> wrote. Another length is a damaged row: <see cref="FormatException"/>.</summary>
    public static PdqHash FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length != Size
        ? throw new FormatException($"A PDQ hash has {Size} bytes.")
        : new PdqHash(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes));

    public static bool TryParse([NotNullWhen(true)] string? text, out PdqHash hash)
    {
        hash = default;
        if (text is not { Length: Bits / 4 })
        {
            return false;
        }

        Span<ulong> words = stackalloc ulong[4];
        for (var i = 0; i < words.Length; i++)
        {
            if (!ulong.TryParse(text.AsSpan(i * 16, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out words[i]))
            {
                return false;
            }
        }

        hash = new PdqHash(words[3], words[2], words[1], words[0]);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{D:x16}{C:x16}{B:x16}{A:x16}");
}
