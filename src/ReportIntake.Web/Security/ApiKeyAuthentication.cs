using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>
/// <c>Authorization: Bearer ri_…</c>: the key is looked up at every request, so that a revoked one, or a scope taken
/// away, counts at once.
/// </summary>
public sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ReportIntakeDbContext database)
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

        var hash = key.Hash();
        var client = await database.PoliceClients.AsNoTracking().SingleOrDefaultAsync(c => c.KeyHash == hash, Context.RequestAborted);

        // The index compares hashes, not keys, so its timing tells nothing that helps to guess a key; compared again all the same.
        if (client is null || client.RevokedAt is not null || !CryptographicOperations.FixedTimeEquals(client.KeyHash, hash))
        {
            return AuthenticateResult.Fail("Unknown or revoked API key.");
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ClientClaim, client.Id.ToString()),
                .. client.Scopes.Select(s => new Claim(ScopeClaim, s)),
                .. client.Areas.Select(a => new Claim(AreaClaim, a)),
                .. client.Categories.Select(c => new Claim(CategoryClaim, c)),
                .. client.Tiers.Select(t => new Claim(TierClaim, t)),
            ],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }
}
