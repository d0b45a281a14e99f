using System.Globalization;
using System.Text;

namespace ReportIntake.Domain.Custody;

/// <summary>
/// The Merkle log's size and root at a moment, signed. Whoever keeps one outside can prove later that nothing before it
/// was changed, whatever happened to the database. Never changed; sizes only grow.
/// </summary>
public sealed class TreeHead
{
    private TreeHead()
    {
    }

    /// <summary>Entries that the root covers: positions 0 to <c>Size − 1</c>.</summary>
    public long Size { get; private set; }

    /// <summary>RFC 9162 root hash, 32 bytes.</summary>
    public byte[] Root { get; private set; } = [];

    public DateTimeOffset At { get; private set; }

    /// <summary>Names the public key that verifies <see cref="Signature"/>.</summary>
    public string KeyId { get; private set; } = "";

    /// <summary>ECDSA P-256 with SHA-256 over <see cref="SignedBytes"/>, in DER, as <c>openssl dgst -verify</c> reads it.</summary>
    public byte[] Signature { get; private set; } = [];

    public static TreeHead Of(long size, byte[] root, DateTimeOffset at, string keyId, Func<byte[], byte[]> sign)
    {
        var head = new TreeHead { Size = size, Root = root, At = at, KeyId = keyId };
        head.Signature = sign(head.SignedBytes());
        return head;
    }

    /// <summary>One line of canonical JSON (RFC 8785) without a line end: <c>{"at":"…","root":"hex","size":123}</c>, in UTF-8.</summary>
    public byte[] SignedBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"at":"{{At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ}}","root":"{{Convert.ToHexStringLower(Root)}}","size":{{Size}}}"""));
}
