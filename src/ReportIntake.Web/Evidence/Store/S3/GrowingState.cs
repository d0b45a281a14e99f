using System.Buffers.Binary;
using System.Text.Json;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// The durable end of a growing blob on S3, one small object that each commit overwrites (S3 shows the old one or the new one,
/// never half of it): which parts count, the sealed bytes that are too few for a part, and the sealed tail.
/// <code>
/// 0   4  length j of the JSON, little endian
/// 4   j  {"node", "generation", "segments", "parts"}         parts as in S3PartList
/// …   4  length p of the pending bytes, below 1 MiB
/// …   p  sealed bytes of the blob behind the last part
/// …  12  nonce
/// …   m  ciphertext of the tail, 0…65536
/// …  16  tag, over generation and segments too
/// </code>
/// </summary>
/// <remarks>A part that was put after the last commit is named by nobody and does not count.</remarks>
/// <param name="Node">The process that wrote it: what another remembers of the blob's hash is worth nothing then.</param>
internal sealed record GrowingState(Guid Node, long Generation, long Segments, byte[] Parts)
{
    public byte[] Write(SegmentCipher cipher, ReadOnlySpan<byte> pending, ReadOnlySpan<byte> tail)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);
        var state = new byte[4 + json.Length + 4 + pending.Length + tail.Length + SealedBlobFormat.Overhead];
        BinaryPrimitives.WriteInt32LittleEndian(state, json.Length);
        json.CopyTo(state, 4);
        var rest = state.AsSpan(4 + json.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest, pending.Length);
        pending.CopyTo(rest[4..]);
        var slot = rest[(4 + pending.Length)..];
        cipher.SealTail(Generation, Segments, tail, slot[..SealedBlobFormat.NonceSize], slot.Slice(SealedBlobFormat.NonceSize, tail.Length), slot[^SealedBlobFormat.TagSize..]);
        return state;
    }

    /// <param name="tail">Takes the plaintext behind the last whole segment.</param>
    /// <returns>The state, its parts, the pending bytes, and the length of the tail.</returns>
    /// <exception cref="EvidenceCorruptException">It is not what was written.</exception>
    public static (GrowingState State, List<S3Part> Parts, ReadOnlyMemory<byte> Pending, int Tail) Read(SegmentCipher cipher, byte[] bytes, Span<byte> tail)
    {
        try
        {
            var json = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            var state = JsonSerializer.Deserialize<GrowingState>(bytes.AsSpan(4, json), JsonSerializerOptions.Web)!;
            var pending = bytes.AsMemory(8 + json, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4 + json)));
            var slot = bytes.AsSpan(8 + json + pending.Length);
            var length = slot.Length - SealedBlobFormat.Overhead;
            var parts = S3PartList.Read(cipher.Key, state.Parts);
            if (parts.Sum(p => (long)p.Length) + pending.Length == SealedBlobFormat.OffsetOf(state.Segments)
                && cipher.TryOpenTail(
                    state.Generation, state.Segments, slot[..SealedBlobFormat.NonceSize], slot.Slice(SealedBlobFormat.NonceSize, length), slot[^SealedBlobFormat.TagSize..], tail[..length]))
            {
                return (state, parts, pending, length);
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NullReferenceException)
        {
            throw new EvidenceCorruptException(cipher.Key, "its growing state cannot be read", e);
        }

        throw new EvidenceCorruptException(cipher.Key, "its growing state does not authenticate");
    }
}
