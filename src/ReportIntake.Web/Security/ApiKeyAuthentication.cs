using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Security;

/// <summary>
/// <c>Authorization: Bearer ri_…</c>: the key is looked up at every request, so that a revoked one, or a scope taken
/// away, counts at once.
/// </summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ReportIntakeDbContext database,
    PoliceAdmission admission,
    KeyUses uses)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string HeaderStart = "Bearer " + ApiKey.Start;

    public const string ClientClaim = "client_id";
    public const string ScopeClaim = "scope";
    public const string AreaClaim = "area";
    public const string CategoryClaim = "category";
    public const string TierClaim = "tier";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(HeaderStart, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (ApiKey.Read(header["Bearer ".Length..].Trim()) is not { } key)
        {
            return AuthenticateResult.Fail("Not an API key.");
        }

        var (hash, now) = (key.Hash(), TimeProvider.GetUtcNow());
        var found = await database.ClientKeys.AsNoTracking().Include(k => k.Client).SingleOrDefaultAsync(k => k.Hash == hash, Context.RequestAborted);

        // The index compares hashes, not keys, so its timing tells nothing that helps to guess a key; compared again all the same.
        if (found is not { RevokedAt: null, Client: { RevokedAt: null } client } || !CryptographicOperations.FixedTimeEquals(found.Hash, hash))
        {
            return AuthenticateResult.Fail("Unknown or revoked API key.");
        }

        if (found.IsExpired(now))
        {
            return CallerRefusal.Refuse(Context, SecurityErrors.KeyExpired); // only who holds the key learns it
        }

        uses.Note(found.Id, now);
        return admission.Admit(Context, SchemeName, new Credential(client, found.Id, client.Scopes, client.Areas));
    }
}
