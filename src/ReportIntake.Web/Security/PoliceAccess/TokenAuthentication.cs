using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>
/// <c>Authorization: Bearer</c> with a JWT of a configured issuer (RFC 9068, by client credentials). It counts only for a
/// registered client, so that the ledger names one actor, limits hold and revoking works at once; what the token says of
/// scopes and areas narrows the registration and never widens it.
/// </summary>
public sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IOptions<PoliceAccessOptions> police,
    IssuerKeys issuerKeys,
    PoliceAdmission admission,
    ReportIntakeDbContext database)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "PoliceToken";
    private const string HeaderStart = "Bearer ";

    /// <summary>Asymmetric ones only: with HS256 an issuer's public key would be the secret. RFC 8725, 3.1. (.NET has no EdDSA yet.)</summary>
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];

    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    /// <summary>Staff tokens are one piece; a JWT is three, divided by dots.</summary>
    public static bool IsToken(string header) =>
        header.StartsWith(HeaderStart, StringComparison.OrdinalIgnoreCase) && header.Contains('.', StringComparison.Ordinal);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Read(Request.Headers.Authorization.ToString()) is not { } token
            || police.Value.Issuers.Find(i => i.Issuer == token.Issuer) is not { } issuer
            || !Algorithms.Contains(token.Alg)
            || token.TryGetHeaderValue<object>("crit", out _)) // RFC 7515, 4.1.11: an extension that is not understood
        {
            return AuthenticateResult.Fail("No token of a configured issuer.");
        }

        var keys = await issuerKeys.FindAsync(issuer, string.IsNullOrEmpty(token.Kid) ? null : token.Kid, Context.RequestAborted);
        if (keys is null)
        {
            return CallerRefusal.Refuse(Context, SecurityErrors.IssuerUnavailable);
        }

        var validated = await Tokens.ValidateTokenAsync(token, Parameters(issuer, keys));
        if (!validated.IsValid)
        {
            // Told only after the signature was found good: the bearer is the client, and needs a new token.
            return validated.Exception is SecurityTokenInvalidLifetimeException { Expires: { } end } && end <= Now
                ? CallerRefusal.Refuse(Context, SecurityErrors.TokenExpired)
                : AuthenticateResult.Fail("The token does not count.");
        }

        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        return await AdmitAsync(issuer, payload.RootElement);
    }

    private async Task<AuthenticateResult> AdmitAsync(TokenIssuer issuer, JsonElement claims)
    {
        if (Texts(claims, issuer.ClientClaim) is not [var externalId] || !Confirmation(claims, out var certificate))
        {
            return AuthenticateResult.Fail("The token names no client, or is bound to what is not known here.");
        }

        var client = await database.PoliceClients.AsNoTracking()
            .SingleOrDefaultAsync(c => c.Issuer == issuer.Issuer && c.ExternalId == externalId && c.RevokedAt == null, Context.RequestAborted);
        if (client is null)
        {
            return AuthenticateResult.Fail("Unknown or revoked client.");
        }

        var areas = issuer.AreaClaim is { } claim ? PoliceClientAccess.Common(client.Areas, Texts(claims, claim)) : client.Areas;
        return admission.Admit(Context, SchemeName, new Credential(client, null, client.Scopes.Intersect(Texts(claims, issuer.ScopeClaim)), areas, certificate));
    }

    private TokenValidationParameters Parameters(TokenIssuer issuer, IEnumerable<SecurityKey> keys) => new()
    {
        ValidIssuer = issuer.Issuer,
        ValidAudience = issuer.Audience,
        ValidAlgorithms = Algorithms,
        IssuerSigningKeys = keys,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (from, to, _, _) => to > Now - issuer.ClockSkew && (from is null || from <= Now + issuer.ClockSkew),
    };

    private DateTime Now => TimeProvider.GetUtcNow().UtcDateTime;

    private static JsonWebToken? Read(string header)
    {
        if (!IsToken(header))
        {
            return null;
        }

        try
        {
            var token = new JsonWebToken(header[HeaderStart.Length..].Trim());
            return token.IsEncrypted ? null : token;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException or JsonException or FormatException or InvalidOperationException)
        {
            return null; // whatever stands there, it is no JWT
        }
    }

    /// <summary>The certificate that the token is bound to (RFC 8705, 3.1), if any. False where it is bound to something else, such as a DPoP key.</summary>
    private static bool Confirmation(JsonElement claims, out byte[]? certificate)
    {
        certificate = null;
        if (!claims.TryGetProperty("cnf", out var confirmation))
        {
            return true;
        }

        try
        {
            certificate = confirmation.ValueKind is JsonValueKind.Object && confirmation.TryGetProperty("x5t#S256", out var thumbprint) && thumbprint.ValueKind is JsonValueKind.String
                ? Base64Url.DecodeFromChars(thumbprint.GetString())
                : null;
        }
        catch (FormatException)
        {
            return false;
        }

        return certificate is not null;
    }

    /// <summary>A claim as a list: one string divided by blanks (RFC 8693, 4.2), or an array of strings.</summary>
    private static string[] Texts(JsonElement claims, string name) => !claims.TryGetProperty(name, out var claim) ? []
        : claim.ValueKind is JsonValueKind.String ? claim.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : claim.ValueKind is JsonValueKind.Array ? [.. claim.EnumerateArray().Where(e => e.ValueKind is JsonValueKind.String).Select(e => e.GetString()!)]
        : [];
}
