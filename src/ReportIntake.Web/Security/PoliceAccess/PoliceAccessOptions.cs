using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>Section <c>Police</c>: whose tokens count beside the service's own API keys, and which proxies may vouch for a certificate.</summary>
public sealed class PoliceAccessOptions
{
    public List<TokenIssuer> Issuers { get; set; } = [];

    public CertificateOptions ClientCertificates { get; set; } = new();

    public sealed class CertificateOptions
    {
        /// <summary>Networks (CIDR) of the proxies whose <c>Client-Cert</c> header is believed, or <c>unix</c> for those at the Unix socket.</summary>
        public List<string> TrustedProxies { get; set; } = [];
    }
}

/// <summary>An authorization server whose access tokens are taken (RFC 9068, client credentials). Its keys come from one of three places.</summary>
public sealed class TokenIssuer
{
    /// <summary>The tokens' <c>iss</c>, exactly. Need not be given where <see cref="Authority"/> is.</summary>
    public string Issuer { get => field.Length > 0 ? field : Authority ?? ""; set; } = "";

    /// <summary>Where <c>/.well-known/openid-configuration</c> is, which names the keys' address.</summary>
    public string? Authority { get; set; }

    /// <summary>The address of the keys (RFC 7517).</summary>
    public string? JwksUri { get; set; }

    /// <summary>A file with the keys (RFC 7517), read again every hour.</summary>
    public string? SigningKeys { get; set; }

    /// <summary>The tokens' <c>aud</c>: what the issuer calls this service.</summary>
    public string Audience { get; set; } = "";

    /// <summary>The claim that names the client: <see cref="PoliceClient.ExternalId"/>.</summary>
    public string ClientClaim { get; set; } = "client_id";

    /// <summary>The claim with the scopes, by their names here; separated by blanks, or an array.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>The claim with the areas; null where the issuer knows none, and the client's own areas count alone.</summary>
    public string? AreaClaim { get; set; }

    /// <summary>How far the issuer's clock may be off; at most a minute.</summary>
    public TimeSpan ClockSkew { get; set; } = MaxClockSkew;

    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(60);
}

/// <summary>Says at start what is wrong, one message a mistake.</summary>
public sealed class PoliceAccessOptionsValidator : IValidateOptions<PoliceAccessOptions>
{
    public ValidateOptionsResult Validate(string? name, PoliceAccessOptions options)
    {
        var wrong = new List<string>();
        foreach (var (i, issuer) in options.Issuers.Index())
        {
            Check(issuer.Issuer.Length > 0, $"Police:Issuers:{i} needs an Issuer or an Authority.");
            Check(issuer.Audience.Length > 0, $"Police:Issuers:{i}:Audience is missing: without one, tokens meant for others would count here.");
            Check(issuer.ClientClaim.Length > 0 && issuer.ScopeClaim.Length > 0, $"Police:Issuers:{i}: ClientClaim and ScopeClaim must not be empty.");
            Check(issuer.ClockSkew >= TimeSpan.Zero && issuer.ClockSkew <= TokenIssuer.MaxClockSkew, $"Police:Issuers:{i}:ClockSkew must be between 0 and {TokenIssuer.MaxClockSkew.TotalSeconds} seconds.");
            Check(
                new[] { issuer.Authority, issuer.JwksUri, issuer.SigningKeys }.Count(s => s is not null) == 1,
                $"Police:Issuers:{i} needs exactly one of Authority, JwksUri and SigningKeys.");
            Check(issuer.Authority is null || IssuerKeys.IsSafe(issuer.Authority), $"Police:Issuers:{i}:Authority must be an https address (http on loopback only).");
            Check(issuer.JwksUri is null || IssuerKeys.IsSafe(issuer.JwksUri), $"Police:Issuers:{i}:JwksUri must be an https address (http on loopback only).");
            Check(issuer.SigningKeys is null || File.Exists(issuer.SigningKeys), $"Police:Issuers:{i}:SigningKeys names a file that is not there.");
        }

        Check(options.Issuers.DistinctBy(i => i.Issuer).Count() == options.Issuers.Count, "Police:Issuers names one issuer twice.");
        Check(options.ClientCertificates.TrustedProxies.All(Networks.IsPeer), $"Police:ClientCertificates:TrustedProxies takes networks such as 10.0.0.0/24, or {Networks.Unix}.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Check(bool right, string message)
        {
            if (!right)
            {
                wrong.Add(message);
            }
        }
    }
}
