using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// The bytes of a sealed blob and why they are safe.
/// <code>
/// blob      header, segment 0, segment 1, … segment n        n ≥ 0; only segment n is final
/// header    0    8  "RISEAL", 0, version 1
///           8   16  evidence item id, big endian
///           24   1  kind of copy
///           25   1  log2 of the segment size (16)
///           26   2  length w of the wrapped key, little endian
///           28   w  data key, wrapped by IKeyWrapper
///           …       zeros up to 1024
/// segment   0   12  nonce
///           12   m  ciphertext; m = 65536, in the final segment 1…65536 (0 only in an empty blob)
///           …   16  tag
/// tail      two slots of 69632 bytes, in a file of its own beside a growing blob (see TailFile):
///           0   12  nonce
///           12   8  generation
///           20   8  number of whole segments that stand before the tail
///           28   4  m, 0…65536
///           32   m  ciphertext
///           …   16  tag
/// </code>
/// <para><b>Cipher.</b> AES-256-GCM. Each blob has a random data key; the key in use is HKDF-SHA256 of it with the whole
/// header as info, so a header with any byte changed opens nothing. The additional data of a segment is its role (inner, final,
/// tail), index, length and generation. By the header a segment cannot move between blobs, by the index not within
/// one; a blob cut at a segment boundary lacks its final segment, and one that is longer has a final segment inside.
/// This is the idea of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance, 2015), with the nonce stored.</para>
/// <para><b>Nonces.</b> An upload is resumed at the last durable byte, and what follows may then differ from what a crash left half
/// written: a counter nonce could meet two plaintexts. So every single sealing takes 96 fresh random bits. The largest blob has 2^15 segments; with a
/// tail every few seconds for days fewer than 2^20 sealings happen under one key, and two of them share a nonce with a
/// probability below 2^-57 (NIST SP 800-38D asks for 2^-32).</para>
/// <para><b>Growth.</b> A growing blob is <c>key.part</c> and <c>key.tail</c>. Whole segments are written once, behind the durable end. The
/// partial one lives in memory and is sealed into the tail. A commit is: flush the blob; write the older of the two tail slots; flush the tail.
/// The newer slot that opens tells the durable end: segments × 65536 + m. A crash at any moment leaves either the old slot
/// whole (the new one is torn or missing) or both whole, and whatever a slot counts was flushed before the slot was written. Bytes behind the durable end
/// are dead and get overwritten. A full buffer is held back as tail until another byte comes, so the segment that
/// turns out to be last has never been sealed as an inner one. Completion seals it as final, cuts off dead bytes, flushes, renames <c>key.part</c>
/// to <c>key</c>, flushes the directory, and removes the tail: a blob under its own name is complete and durable.</para>
/// <para><b>Not covered.</b> Who can write to the disk can put an older tail back while an upload runs (the sender then sends
/// the rest again) or remove a blob. SHA-256 in the database and the custody ledger cover both.</para>
/// </summary>
internal static class SealedBlobFormat
{
    public const int SegmentSize = 1 << SegmentSizeLog2;
    public const int NonceSize = 12;
    public const int TagSize = 16;
    public const int Overhead = NonceSize + TagSize;
    public const int SealedSegmentSize = SegmentSize + Overhead;
    public const int HeaderSize = 1024;
    public const int MaxWrappedKeySize = HeaderSize - WrappedKeyAt;

    private const int SegmentSizeLog2 = 16;
    private const int WrappedKeyAt = 28;
    private const int KeySize = 32;

    private static ReadOnlySpan<byte> Magic => "RISEAL\0\u0001"u8;

    /// <summary>Where a segment begins in the file.</summary>
    public static long OffsetOf(long segment) => HeaderSize + (segment * SealedSegmentSize);

    /// <summary>A new blob's header and the cipher that goes with it.</summary>
    public static SegmentCipher CreateHeader(BlobKey key, IKeyWrapper wrapper, Span<byte> header)
    {
        var dataKey = RandomNumberGenerator.GetBytes(KeySize);
        var wrapped = wrapper.Wrap(dataKey);
        if (wrapped.Length > MaxWrappedKeySize)
        {
            throw new InvalidOperationException($"A wrapped key of {wrapped.Length} bytes does not fit the header.");
        }

        header.Clear();
        Magic.CopyTo(header);
        key.EvidenceId.TryWriteBytes(header[8..], bigEndian: true, out _);
        header[24] = (byte)key.Kind;
        header[25] = SegmentSizeLog2;
        BinaryPrimitives.WriteUInt16LittleEndian(header[26..], (ushort)wrapped.Length);
        wrapped.CopyTo(header[WrappedKeyAt..]);
        return Derive(key, dataKey, header);
    }

    /// <summary>The cipher of an existing blob, by its header.</summary>
    public static SegmentCipher OpenHeader(BlobKey key, IKeyWrapper wrapper, ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderSize || !header.StartsWith(Magic) || header[25] != SegmentSizeLog2)
        {
            throw new EvidenceCorruptException(key, "the header is not one of a sealed blob");
        }

        if (new Guid(header.Slice(8, 16), bigEndian: true) != key.EvidenceId || header[24] != (byte)key.Kind)
        {
            throw new EvidenceCorruptException(key, "it was sealed as another blob");
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
        if (length > MaxWrappedKeySize)
        {
            throw new EvidenceCorruptException(key, "the wrapped key is longer than the header");
        }

        try
        {
            return Derive(key, wrapper.Unwrap(header.Slice(WrappedKeyAt, length).ToArray()), header);
        }
        catch (CryptographicException e)
        {
            throw new EvidenceCorruptException(key, "its key cannot be unwrapped: changed, or the key ring is another one", e);
        }
    }

    /// <summary>Number of segments and bytes of content, by the length of a complete blob's file.</summary>
    public static (long Segments, long Length) Measure(BlobKey key, long fileLength)
    {
        var (whole, rest) = Math.DivRem(fileLength - HeaderSize, SealedSegmentSize);
        if (fileLength < HeaderSize + Overhead || rest is > 0 and < Overhead || (rest == Overhead && whole > 0))
        {
            throw new EvidenceCorruptException(key, $"{fileLength} bytes are not a whole number of segments");
        }

        return rest == 0 ? (whole, whole * SegmentSize) : (whole + 1, (whole * SegmentSize) + rest - Overhead);
    }

    private static SegmentCipher Derive(BlobKey key, byte[] dataKey, ReadOnlySpan<byte> header)
    {
        Span<byte> derived = stackalloc byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, derived, salt: [], info: header[..HeaderSize]);
        CryptographicOperations.ZeroMemory(dataKey);
        var cipher = new SegmentCipher(key, derived);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
