using System.Buffers.Binary;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>One stretch of a sealed blob, an object of its own that is written once and never again.</summary>
/// <param name="Id">Random, so that no other writer of the blob can ever write the same object.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct S3Part(Guid Id, int Length);

/// <summary>
/// What stands under the name of a blob that is too large for one object: which objects it is, in order. Which of them, in
/// which order and how much of each is vouched for by the sealed segments themselves.
/// <code>
/// 0   8  "RIPARTS", version 1
/// …  16  id of a part, big endian
/// …   4  its length, little endian
/// …
/// </code>
/// </summary>
internal static class S3PartList
{
    private const int EntrySize = 20;

    private static ReadOnlySpan<byte> Magic => "RIPARTS\u0001"u8;

    /// <summary>Or a sealed blob itself?</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    public static byte[] Write(IReadOnlyList<S3Part> parts)
    {
        var bytes = new byte[Magic.Length + (parts.Count * EntrySize)];
        Magic.CopyTo(bytes);
        for (var i = 0; i < parts.Count; i++)
        {
            var entry = bytes.AsSpan(Magic.Length + (i * EntrySize), EntrySize);
            parts[i].Id.TryWriteBytes(entry, bigEndian: true, out _);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], parts[i].Length);
        }

        return bytes;
    }

    /// <exception cref="EvidenceCorruptException">It is no such list.</exception>
    public static List<S3Part> Read(BlobKey key, ReadOnlySpan<byte> bytes)
    {
        if (!Is(bytes) || (bytes.Length - Magic.Length) % EntrySize != 0)
        {
            throw new EvidenceCorruptException(key, "the list of its parts cannot be read");
        }

        var parts = new List<S3Part>();
        for (var rest = bytes[Magic.Length..]; !rest.IsEmpty; rest = rest[EntrySize..])
        {
            var part = new S3Part(new Guid(rest[..16], bigEndian: true), BinaryPrimitives.ReadInt32LittleEndian(rest[16..]));
            parts.Add(part.Length > 0 ? part : throw new EvidenceCorruptException(key, "the list of its parts cannot be read"));
        }

        return parts;
    }
}
