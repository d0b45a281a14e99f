using System.Security.Cryptography;
using System.Text;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Security;

/// <summary>
/// What is stored of a receipt code: HMAC-SHA256 under a key of the service. Unlike a plain hash it cannot be tried out
/// against a stolen database; unlike a password hash it can be looked up by index.
/// </summary>
public sealed class ReceiptHasher(Secrets secrets)
{
    /// <summary>32 bytes: <c>Report.ReceiptKey</c>.</summary>
    public async ValueTask<byte[]> HashAsync(ReceiptCode code, CancellationToken cancellationToken) =>
        HMACSHA256.HashData(await LoadAsync(cancellationToken), Encoding.ASCII.GetBytes(code.Canonical));

    /// <summary>Reads or makes the key, so that no later call needs the database.</summary>
    public ValueTask<byte[]> LoadAsync(CancellationToken cancellationToken) =>
        secrets.GetOrCreateAsync("receipt_hash_key", () => RandomNumberGenerator.GetBytes(32), cancellationToken);
}
