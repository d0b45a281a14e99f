using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>
/// What a sender holds to go on with an upload, to remove it, and to give it to a report: 160 random bits in base64url, 27
/// characters. Whoever knows it may do all of that, so it is never stored or logged; the database has its hash.
/// </summary>
public readonly record struct UploadId
{
    private const int Bytes = 20;
    private const int Characters = 27;

    private UploadId(string text) => Text = text;

    public string Text { get; }

    public static UploadId New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>
    /// The id of the file joined from these parts. Always the same one, so that asking again after a lost answer finds the file; keyed, because
    /// the parts' ids are kept with the file, and who reads them there must not be able to compute this one.
    /// </summary>
    public static UploadId OfJoined(IEnumerable<UploadId> parts, byte[] key) =>
        new(Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(string.Join(' ', parts.Select(p => p.Text)))).AsSpan(0, Bytes)));

    public static bool TryParse(string? text, out UploadId id)
    {
        id = new UploadId(text ?? "");
        return text?.Length == Characters && Base64Url.IsValid(text, out var length) && length == Bytes;
    }

    /// <summary>What <see cref="Domain.Evidence.EvidenceItem.UploadKey"/> holds: 32 bytes.</summary>
    public byte[] Key() => SHA256.HashData(Encoding.ASCII.GetBytes(Text));

    /// <summary>Nothing: it would end up in a log.</summary>
    public override string ToString() => "(upload)";
}
