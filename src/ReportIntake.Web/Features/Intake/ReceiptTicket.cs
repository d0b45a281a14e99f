using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Intake;

/// <summary>
/// Carries a receipt code from one posted page to the next in a sealed hidden field: never in an address, a cookie or the
/// device's storage, and not readable in a page that a browser has saved.
/// </summary>
public sealed class ReceiptTicket(IDataProtectionProvider protection, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ITimeLimitedDataProtector protector = protection.CreateProtector("receipt_ticket").ToTimeLimitedDataProtector();

    public string Close(ReceiptCode code) =>
        Base64Url.EncodeToString(protector.Protect(Encoding.ASCII.GetBytes(code.Canonical), clock.GetUtcNow() + Lifetime));

    /// <summary>Null where it was not sealed here, was changed, or is older than <see cref="Lifetime"/>.</summary>
    public ReceiptCode? Open(string? ticket)
    {
        try
        {
            return ReceiptCode.TryParse(Encoding.ASCII.GetString(protector.Unprotect(Base64Url.DecodeFromChars(ticket))), out var code) ? code : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
