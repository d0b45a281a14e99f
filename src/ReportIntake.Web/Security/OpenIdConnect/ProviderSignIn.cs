using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Security.OpenIdConnect;

/// <summary>What the provider says of the person.</summary>
/// <param name="Subject">The provider's own, permanent name for them.</param>
/// <param name="VerifiedEmail">Null where the provider does not vouch for one.</param>
public sealed record ProviderPerson(string Issuer, string Subject, string? VerifiedEmail, bool IsMultiFactor);

/// <summary>What the browser keeps, sealed, between leaving for the provider and coming back.</summary>
public sealed record Handshake(string State, string Nonce, string Verifier, string? Back, DateTimeOffset ExpiresAt);

/// <summary>
/// OpenID Connect Core 1.0 by authorization code with PKCE (RFC 7636) and nonce, with the libraries that check the police's
/// tokens. (The framework's handler, Microsoft.AspNetCore.Authentication.OpenIdConnect, is not to be had from every feed.)
/// </summary>
public sealed partial class ProviderSignIn(
    IHttpClientFactory http, IssuerKeys issuerKeys, IOptions<StaffOptions> staff, TimeProvider clock, ILogger<ProviderSignIn> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10), AskAgainAfter = TimeSpan.FromHours(1), ClockSkew = TimeSpan.FromSeconds(60);

    /// <summary>Asymmetric ones only; see <see cref="TokenAuthentication"/>.</summary>
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256];

    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    private Endpoints? known;

    private IdentityProvider Provider => staff.Value.OpenIdConnect;

    /// <summary>Where to send the browser, and what it must bring back; null while the provider does not answer.</summary>
    /// <param name="callback">The address it is to come back to.</param>
    /// <param name="back">The page that was asked for.</param>
    public async Task<(string Address, Handshake Handshake)?> BeginAsync(string callback, string? back, CancellationToken cancellationToken)
    {
        if (await DiscoverAsync(cancellationToken) is not { } endpoints)
        {
            return null;
        }

        var handshake = new Handshake(Random(), Random(), Random(), back, clock.GetUtcNow() + Patience);
        return (QueryHelpers.AddQueryString(endpoints.Authorization, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = Provider.ClientId,
            ["redirect_uri"] = callback,
            ["scope"] = "openid email",
            ["state"] = handshake.State,
            ["nonce"] = handshake.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(handshake.Verifier))),
            ["code_challenge_method"] = "S256",
        }), handshake);
    }

    /// <summary>Who came back with this code; null where the provider, or what it says, is not to be believed.</summary>
    public async Task<ProviderPerson?> CompleteAsync(string code, Handshake handshake, string callback, CancellationToken cancellationToken)
    {
        try
        {
            return await DiscoverAsync(cancellationToken) is { } endpoints && await ExchangeAsync(endpoints, code, handshake, callback, cancellationToken) is { } token
                ? await CheckAsync(new JsonWebToken(token), handshake, cancellationToken)
                : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // whatever somebody else's server sends is not this service's fault
        {
            LogFailed(logger, Provider.Authority!, exception);
            return null;
        }
    }

    private async Task<string?> ExchangeAsync(Endpoints endpoints, string code, Handshake handshake, string callback, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token);
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = callback,
            ["code_verifier"] = handshake.Verifier,
        };
        if (string.IsNullOrEmpty(Provider.ClientSecret))
        {
            fields["client_id"] = Provider.ClientId;
        }
        else
        {
            // RFC 6749, 2.3.1: each part in the form's own encoding first.
            var credentials = $"{Uri.EscapeDataString(Provider.ClientId)}:{Uri.EscapeDataString(Provider.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }

        request.Content = new FormUrlEncodedContent(fields);
        using var answer = JsonDocument.Parse(await SendAsync(request, cancellationToken));
        return answer.RootElement.TryGetProperty("id_token", out var token) ? token.GetString() : null;
    }

    /// <summary>OpenID Connect Core 1.0, 3.1.3.7.</summary>
    private async Task<ProviderPerson?> CheckAsync(JsonWebToken token, Handshake handshake, CancellationToken cancellationToken)
    {
        var keys = await issuerKeys.FindAsync(new TokenIssuer { Authority = Provider.Authority }, string.IsNullOrEmpty(token.Kid) ? null : token.Kid, cancellationToken);
        var now = clock.GetUtcNow().UtcDateTime;
        var validated = await Tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Provider.Authority,
            ValidAudience = Provider.ClientId,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = keys ?? [],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, _, _) => to > now - ClockSkew && (from is null || from <= now + ClockSkew),
        });
        if (!validated.IsValid
            || Text(token, "nonce") != handshake.Nonce
            || Text(token, "azp") is { } party && party != Provider.ClientId
            || string.IsNullOrEmpty(token.Subject))
        {
            LogRefused(logger, Provider.Authority!, validated.Exception?.GetType().Name ?? "nonce, azp or sub");
            return null;
        }

        var isMultiFactor = token.Claims.Any(c => c is { Type: "amr", Value: Policies.MultiFactor })
            || (Text(token, "acr") is { } context && Provider.MultiFactorContexts.Contains(context));
        var isVerified = token.TryGetPayloadValue<bool>("email_verified", out var verified) && verified;
        return new ProviderPerson(token.Issuer, token.Subject, isVerified ? Text(token, "email") : null, isMultiFactor);
    }

    private async Task<Endpoints?> DiscoverAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (known is { } before && now - before.At < AskAgainAfter)
        {
            return before;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Provider.Authority!.TrimEnd('/')}/.well-known/openid-configuration");
            using var document = JsonDocument.Parse(await SendAsync(request, cancellationToken));
            var endpoints = new Endpoints(Member("authorization_endpoint"), Member("token_endpoint"), now);
            return Member("issuer") == Provider.Authority && IssuerKeys.IsSafe(endpoints.Authorization) && IssuerKeys.IsSafe(endpoints.Token)
                ? known = endpoints
                : throw new InvalidDataException("It says that it is another issuer, or names addresses that are not https.");

            string Member(string name) => document.RootElement.GetProperty(name).GetString() ?? "";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, Provider.Authority!, exception);
            return null;
        }
    }

    private async Task<string> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(IssuerKeys.HttpClientName);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(IssuerKeys.Timeout);
        using var answer = await client.SendAsync(request, patience.Token);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(patience.Token);
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var value) ? value : null;

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider {Issuer} cannot be used")]
    private static partial void LogFailed(ILogger logger, string issuer, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A token of the identity provider {Issuer} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string issuer, string reason);

    private sealed record Endpoints(string Authorization, string Token, DateTimeOffset At);
}
