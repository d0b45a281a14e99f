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
