using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ReportIntake.Web.Security;

/// <summary>How a confidential reporter may be reached. All null: anonymous.</summary>
public sealed record ReporterContact(string? Name, string? Phone, string? Email);

/// <summary>
/// Seals a reporter's contact for <c>SealedIdentity.Ciphertext</c>. The seal is bound to its report: moved to another
/// row it does not open.
/// </summary>
public sealed class IdentitySeal(IDataProtectionProvider protection)
{
    public byte[] Seal(Guid reportId, ReporterContact contact) =>
        Protector(reportId).Protect(JsonSerializer.SerializeToUtf8Bytes(contact));

    /// <exception cref="System.Security.Cryptography.CryptographicException">Damaged, of another report, or the key ring is missing.</exception>
    public ReporterContact Open(Guid reportId, byte[] ciphertext) =>
        JsonSerializer.Deserialize<ReporterContact>(Protector(reportId).Unprotect(ciphertext))!;

    private IDataProtector Protector(Guid reportId) => protection.CreateProtector("reporter_identity", reportId.ToString());
}
