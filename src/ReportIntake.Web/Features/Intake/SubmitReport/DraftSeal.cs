using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>
/// Seals the answers into one hidden field, so that the form needs no session, no cookie and no storage on the device, and a
/// page saved by a browser shows nothing. Packed first: on a bad network every byte goes up and down with each step.
/// </summary>
public sealed class DraftSeal(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Changes with the draft's shape: what was sealed before is refused, never misread.</summary>
    private const string Version = "v1";

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("report_draft", Version).ToTimeLimitedDataProtector();

    public string Close(ReportDraft draft)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, draft);
        }

        return Base64Url.EncodeToString(protector.Protect(packed.ToArray(), clock.GetUtcNow() + Lifetime));
    }

    /// <summary>Null where it was not sealed here, was changed, or is older than <see cref="Lifetime"/>.</summary>
    public ReportDraft? Open(string? closed)
    {
        try
        {
            using var packed = new MemoryStream(protector.Unprotect(Base64Url.DecodeFromChars(closed)));
            using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
            return JsonSerializer.Deserialize<ReportDraft>(brotli);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
