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
///           26   6  zeros
/// key       0    8  "RIKEY", 0, 0, version 1               beside the blob, under its name and ".key"
///           8    …  data key, wrapped by IKeyWrapper
/// segment   0   12  nonce
///           12   m  ciphertext; m = 65536, in the final segment 1…65536 (0 only in an empty blob)
///           …   16  tag
/// tail      on disk two slots of 69632 bytes, in a file of its own beside a growing blob (see TailFile):
///           0   12  nonce
///           12   8  generation
///           20   8  number of whole segments that stand before the tail
///           28   4  m, 0…65536
///           32   m  ciphertext
///           …   16  tag
/// </code>
/// <para><b>Cipher.</b> AES-256-GCM. Each blob has a random data key; the key in use is HKDF-SHA256 of it with the header as info, so a
/// header with any byte changed opens nothing. The additional data of a segment is its role (inner, final,
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
/// <para><b>Rotation.</b> A wrapped key stands beside its blob and is replaced as a whole, so rewrapping never opens, moves or
/// rewrites the blob. A blob that is written again keeps its data key: otherwise key and blob would have to change at
/// one moment. Removing the key destroys the blob for good.</para>
/// <para><b>S3.</b> The same bytes as one object or, where they are many, as parts of 4 MiB and a list of them; see S3.S3PartList. A growing
/// blob is parts and a small object that is overwritten at each commit; see S3.GrowingState.</para>
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
    public const int HeaderSize = 32;

    private const int SegmentSizeLog2 = 16;
    private const int KeySize = 32;

    private static ReadOnlySpan<byte> Magic => "RISEAL\0\u0001"u8;

    private static ReadOnlySpan<byte> KeyMagic => "RIKEY\0\0\u0001"u8;

    /// <summary>Where a segment begins in the file.</summary>
    public static long OffsetOf(long segment) => HeaderSize + (segment * SealedSegmentSize);

    /// <summary>A random data key, wrapped, as it stands beside its blob.</summary>
    public static byte[] CreateKey(IKeyWrapper wrapper) => Envelope(wrapper.Wrap(RandomNumberGenerator.GetBytes(KeySize)));

    /// <summary>The same data key under the wrapper's newest key; null where it is already.</summary>
    /// <exception cref="EvidenceCorruptException">The key cannot be unwrapped.</exception>
    public static byte[]? Rewrap(BlobKey key, IKeyWrapper wrapper, byte[] wrapped)
    {
        var dataKey = Unwrap(key, wrapper, wrapped, out var stale);
        var renewed = stale ? Envelope(wrapper.Wrap(dataKey)) : null;
        CryptographicOperations.ZeroMemory(dataKey);
        return renewed;
    }

    public static byte[] CreateHeader(BlobKey key)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header);
        key.EvidenceId.TryWriteBytes(header.AsSpan(8), bigEndian: true, out _);
        header[24] = (byte)key.Kind;
        header[25] = SegmentSizeLog2;
        return header;
    }

    /// <summary>Refuses a header that is not this blob's.</summary>
    public static void CheckHeader(BlobKey key, ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderSize || !header.StartsWith(Magic))
        {
            throw new EvidenceCorruptException(key, "the header is not one of a sealed blob");
        }

        if (!header.SequenceEqual(CreateHeader(key)))
        {
            throw new EvidenceCorruptException(key, "it was sealed as another blob");
        }
    }

    /// <summary>The cipher of a blob, by the wrapped key beside it.</summary>
    public static SegmentCipher OpenCipher(BlobKey key, IKeyWrapper wrapper, byte[] wrapped)
    {
        var dataKey = Unwrap(key, wrapper, wrapped, out _);
        Span<byte> derived = stackalloc byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, derived, salt: [], info: CreateHeader(key));
        CryptographicOperations.ZeroMemory(dataKey);
        var cipher = new SegmentCipher(key, derived);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
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

    private static byte[] Envelope(byte[] wrapped) => [.. KeyMagic, .. wrapped];

    private static byte[] Unwrap(BlobKey key, IKeyWrapper wrapper, byte[] wrapped, out bool stale)
    {
        if (!wrapped.AsSpan().StartsWith(KeyMagic))
        {
            throw new EvidenceCorruptException(key, "what stands beside it is no wrapped key");
        }

        try
        {
            return wrapper.Unwrap(wrapped[KeyMagic.Length..], out stale);
        }
        catch (CryptographicException e)
        {
            throw new EvidenceCorruptException(key, "its key cannot be unwrapped: changed, or the key ring is another one", e);
        }
    }
}
