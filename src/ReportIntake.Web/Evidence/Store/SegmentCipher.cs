using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ReportIntake.Web.Evidence.Store;

internal enum SegmentRole : byte
{
    Inner = 0,
    Final = 1,
    Tail = 2,
}

/// <summary>Seals and opens the segments of one blob; see <see cref="SealedBlobFormat"/>. For one caller at a time.</summary>
internal sealed class SegmentCipher(BlobKey key, ReadOnlySpan<byte> derivedKey) : IDisposable
{
    private const int AssociatedSize = 1 + 8 + 4 + 8;

    private readonly AesGcm gcm = new(derivedKey, SealedBlobFormat.TagSize);

    public BlobKey Key => key;

    /// <summary>Writes nonce, ciphertext and tag; returns how many bytes that is.</summary>
    public int Seal(long index, SegmentRole role, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        Span<byte> associated = stackalloc byte[AssociatedSize];
        Associate(associated, role, index, plain.Length, generation: 0);
        var nonce = output[..SealedBlobFormat.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        gcm.Encrypt(nonce, plain, output.Slice(SealedBlobFormat.NonceSize, plain.Length), output.Slice(SealedBlobFormat.NonceSize + plain.Length, SealedBlobFormat.TagSize), associated);
        return plain.Length + SealedBlobFormat.Overhead;
    }

    /// <summary>Opens a sealed segment where it stands and returns its plaintext.</summary>
    public Span<byte> Open(long index, SegmentRole role, Span<byte> segment)
    {
        Span<byte> associated = stackalloc byte[AssociatedSize];
        var length = segment.Length - SealedBlobFormat.Overhead;
        Associate(associated, role, index, length, generation: 0);
        var content = segment.Slice(SealedBlobFormat.NonceSize, length);
        try
        {
            gcm.Decrypt(segment[..SealedBlobFormat.NonceSize], content, segment[^SealedBlobFormat.TagSize..], content, associated);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new EvidenceCorruptException(key, $"segment {index} does not authenticate as {role} segment of {length} bytes", e);
        }

        return content;
    }

    public void SealTail(long generation, long segments, ReadOnlySpan<byte> plain, Span<byte> nonce, Span<byte> output, Span<byte> tag)
    {
        Span<byte> associated = stackalloc byte[AssociatedSize];
        Associate(associated, SegmentRole.Tail, segments, plain.Length, generation);
        RandomNumberGenerator.Fill(nonce);
        gcm.Encrypt(nonce, plain, output, tag, associated);
    }

    public bool TryOpenTail(long generation, long segments, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> content, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        Span<byte> associated = stackalloc byte[AssociatedSize];
        Associate(associated, SegmentRole.Tail, segments, content.Length, generation);
        try
        {
            gcm.Decrypt(nonce, content, tag, plain, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => gcm.Dispose();

    private static void Associate(Span<byte> associated, SegmentRole role, long index, int length, long generation)
    {
        associated[0] = (byte)role;
        BinaryPrimitives.WriteInt64LittleEndian(associated[1..], index);
        BinaryPrimitives.WriteInt32LittleEndian(associated[9..], length);
        BinaryPrimitives.WriteInt64LittleEndian(associated[13..], generation);
    }
}
