using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>Why a caller who brought credentials is refused, where the answer says more than that it is nobody.</summary>
public sealed record CallerRefusal(Error Error)
{
    public static AuthenticateResult Refuse(HttpContext context, Error error)
    {
        context.Features.Set(new CallerRefusal(error));
        return AuthenticateResult.Fail(error.Code);
    }
}

/// <summary>What a key or a token gives its bearer: never more than the client's registration.</summary>
/// <param name="KeyId">The API key; null for a token.</param>
/// <param name="Certificate">SHA-256 of the certificate that the credential itself is bound to (RFC 8705), null where it is to none.</param>
public sealed record Credential(PoliceClient Client, Guid? KeyId, IEnumerable<string> Scopes, IEnumerable<string> Areas, byte[]? Certificate = null);

/// <summary>
/// The rest of the door, the same for keys and tokens: the network and the certificate that the client is bound to. Asked
/// only of bearers of a good credential, so that what is refused here tells strangers nothing.
/// </summary>
public sealed class PoliceAdmission(ClientCertificates certificates)
{
    public const string KeyClaim = "key_id";
    public const string BurstClaim = "rate_burst";
    public const string PerMinuteClaim = "rate_per_minute";

    public AuthenticateResult Admit(HttpContext context, string scheme, Credential credential)
    {
        var client = credential.Client;
        if (client.Networks.Count > 0 && !Networks.Contain(client.Networks, context.Connection.RemoteIpAddress))
        {
            return CallerRefusal.Refuse(context, SecurityErrors.NetworkNotAllowed);
        }

        if (CertificateRefusal(context, credential) is { } refusal)
        {
            return CallerRefusal.Refuse(context, refusal);
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ApiKeyAuthentication.ClientClaim, client.Id.ToString()),
                .. credential.KeyId is { } key ? [new Claim(KeyClaim, key.ToString())] : Array.Empty<Claim>(),
                .. credential.Scopes.Select(s => new Claim(ApiKeyAuthentication.ScopeClaim, s)),
                .. credential.Areas.Select(a => new Claim(ApiKeyAuthentication.AreaClaim, a)),
                .. client.Categories.Select(c => new Claim(ApiKeyAuthentication.CategoryClaim, c)),
                .. client.Tiers.Select(t => new Claim(ApiKeyAuthentication.TierClaim, t)),
                .. client is { Burst: { } burst, PerMinute: { } perMinute }
                    ? [new Claim(BurstClaim, Number(burst)), new Claim(PerMinuteClaim, Number(perMinute))]
                    : Array.Empty<Claim>(),
            ],
            scheme);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), scheme));
    }

    private Error? CertificateRefusal(HttpContext context, Credential credential)
    {
        var bound = credential.Client.Certificates;
        if (bound.Count == 0 && credential.Certificate is null)
        {
            return null;
        }

        var presented = certificates.Presented(context);
        return presented switch
        {
            null => SecurityErrors.ClientCertificateRequired,
            [] => SecurityErrors.ClientCertificateInvalid,
            _ when bound.Count > 0 && !bound.Contains(Convert.ToHexStringLower(presented)) => SecurityErrors.ClientCertificateInvalid,
            _ when credential.Certificate is { } own && !CryptographicOperations.FixedTimeEquals(own, presented) => SecurityErrors.ClientCertificateInvalid,
            _ => null,
        };
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
