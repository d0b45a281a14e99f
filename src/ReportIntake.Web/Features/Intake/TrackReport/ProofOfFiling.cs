using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>
/// Proof that a report was filed, when, and with which files: a statement signed by the service, which anybody can check
/// without it: <c>openssl dgst -sha256 -verify key.pem -signature proof.sig statement.json</c>.
/// </summary>
public static class ProofOfFiling
{
    /// <param name="Statement">The signed text itself, canonical JSON (RFC 8785); its UTF-8 bytes are what the signature covers.</param>
    /// <param name="Algorithm"><c>ECDSA-P256-SHA256</c>, the signature in DER.</param>
    /// <param name="Signature">Base64.</param>
    /// <param name="KeyId">Lower-case hex SHA-256 of the public key's SubjectPublicKeyInfo.</param>
    /// <param name="PublicKey">PEM.</param>
    public sealed record Response(string Statement, string Algorithm, string Signature, string KeyId, string PublicKey);

    public sealed class Query(ReportIntakeDbContext database, SigningKeys keys, TimeProvider clock)
    {
        public async Task<Response> IssueAsync(Guid reportId, CancellationToken cancellationToken)
        {
            var report = await database.Reports.Where(r => r.Id == reportId).Select(r => new { r.Reference, r.SubmittedAt }).SingleAsync(cancellationToken);
            var evidence = await database.Evidence.AsNoTracking()
                .Where(e => e.OriginReportId == reportId && e.Sha256 != null)
                .OrderBy(e => e.CreatedAt).ThenBy(e => e.Id)
                .Select(e => new { e.Sha256, e.Size, e.StoredAt })
                .ToListAsync(cancellationToken);
            var statement = CanonicalJson.Serialize(new JsonObject
            {
                ["type"] = "proof_of_filing",
                ["version"] = 1,
                ["reference"] = report.Reference,
                ["submittedAt"] = Time(report.SubmittedAt),
                ["issuedAt"] = Time(clock.GetUtcNow()),
                ["evidence"] = new JsonArray([.. evidence.Select(e => new JsonObject
                {
                    ["sha256"] = Convert.ToHexStringLower(e.Sha256!),
                    ["size"] = e.Size,
                    ["storedAt"] = Time(e.StoredAt!.Value),
                })]),
            });
            var key = await keys.CurrentAsync(cancellationToken);
            return new Response(
                Encoding.UTF8.GetString(statement), "ECDSA-P256-SHA256", Convert.ToBase64String(key.Sign(statement)), key.KeyId, key.PublicKeyPem);
        }

        private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
    }
}
