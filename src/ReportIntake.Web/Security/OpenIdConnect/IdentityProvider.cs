using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Security.OpenIdConnect;

/// <summary>Section <c>Staff:OpenIdConnect</c>: who signs staff in beside this service. Accounts and roles stay here; the provider says who somebody is, and nothing else.</summary>
public sealed class IdentityProvider
{
    /// <summary>The issuer; its <c>/.well-known/openid-configuration</c> names the rest. An https address (http on loopback only).</summary>
    public string? Authority { get; set; }

    /// <summary>What the provider calls this service. Its redirect address there is <c>https://HOST/staff/sign-in/callback</c>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Sent by HTTP Basic; empty for a public client, which PKCE alone protects.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What the sign-in page calls the provider.</summary>
    public string Name { get; set; } = "OpenID Connect";

    /// <summary>Values of <c>acr</c> that mean two factors, beside <c>mfa</c> in <c>amr</c> (RFC 8176). After any other sign-in this service asks for its own second factor.</summary>
    public List<string> MultiFactorContexts { get; set; } = [];

    internal bool IsOn => Authority is not null;

    internal bool IsValid => !IsOn || (IssuerKeys.IsSafe(Authority!) && ClientId.Length > 0 && Name.Length > 0);
}
