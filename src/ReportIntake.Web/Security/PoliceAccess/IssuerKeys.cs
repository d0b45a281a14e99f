using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>
/// The issuers' public keys: fetched on first use, again every hour, and at once when a token names a key that is not
/// known yet (an issuer that changed its key). An issuer that is away is asked every half minute at most and for five
/// seconds at most, by all requests together, so that none of them hangs; keys once fetched serve on for a day.
/// </summary>
/// <remarks>
/// The framework's own <c>ConfigurationManager</c> lets requests queue one behind the other while an issuer does not
/// answer, and each waits the whole time anew.
/// </remarks>
public sealed partial class IssuerKeys(IHttpClientFactory http, TimeProvider clock, ILogger<IssuerKeys> logger)
{
    public const string HttpClientName = "token issuers";
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OldestUsed = TimeSpan.FromDays(1);
    private const int SmallestRsaKey = 2048;

    private readonly ConcurrentDictionary<string, KeySet> sets = new(StringComparer.Ordinal);

    /// <summary>The issuer's keys, hopefully that one among them; null where none are to be had now.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(TokenIssuer issuer, string? keyId, CancellationToken cancellationToken)
    {
        var (set, now) = (sets.GetOrAdd(issuer.Issuer, _ => new KeySet()), clock.GetUtcNow());
        if (set.Fetched is not { } before || before.IsMissing(keyId) || now - before.At > RefreshAfter)
        {
            var fetching = set.Start(now, () => FetchAsync(issuer, set));
            if (set.Fetched is not { } usable || usable.IsMissing(keyId) || now - usable.At > OldestUsed)
            {
                await fetching.WaitAsync(cancellationToken);
            }
        }

        return set.Fetched is { } fetched && now - fetched.At <= OldestUsed ? fetched.Found : null;
    }

    /// <summary>Whether keys may be fetched from there: by https, or on this machine.</summary>
    internal static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <summary>Its own time limit and no request's cancellation: others wait for the same answer.</summary>
    private async Task FetchAsync(TokenIssuer issuer, KeySet set)
    {
        try
        {
            using var patience = new CancellationTokenSource(Timeout, TimeProvider.System);
            var text = issuer.SigningKeys is { } file
                ? await File.ReadAllTextAsync(file, patience.Token)
                : await ReadAsync(issuer.JwksUri ?? await DiscoverAsync(issuer, patience.Token), patience.Token);

            // Symmetric keys in the set are nobody's secret; a token signed with one proves nothing.
            var keys = new JsonWebKeySet(text).GetSigningKeys()
                .Where(key => key is AsymmetricSecurityKey && (key is not RsaSecurityKey || key.KeySize >= SmallestRsaKey))
                .ToList();
            if (keys.Count == 0)
            {
                throw new InvalidDataException("There is no usable key in it.");
            }

            set.Fetched = new Keys(keys, clock.GetUtcNow());
        }
        catch (Exception exception) // whatever somebody else's server sends is not this service's fault
        {
            LogAway(logger, issuer.Issuer, exception);
        }
    }

    private async Task<string> DiscoverAsync(TokenIssuer issuer, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await ReadAsync($"{issuer.Authority!.TrimEnd('/')}/.well-known/openid-configuration", cancellationToken));
        var (name, address) = (Text("issuer"), Text("jwks_uri"));
        return name != issuer.Issuer ? throw new InvalidDataException("It says that it is another issuer.")
            : address is null || !IsSafe(address) ? throw new InvalidDataException("Its jwks_uri is no https address.")
            : address;

        string? Text(string member) => document.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
    }

    private async Task<string> ReadAsync(string address, CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(HttpClientName);
        return await client.GetStringAsync(new Uri(address), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the token issuer {Issuer} cannot be fetched")]
    private static partial void LogAway(ILogger logger, string issuer, Exception exception);

    private sealed record Keys(IReadOnlyList<SecurityKey> Found, DateTimeOffset At)
    {
        public bool IsMissing(string? keyId) => keyId is not null && Found.All(k => k.KeyId != keyId);
    }

    private sealed class KeySet
    {
        private readonly Lock gate = new();
        private Task fetching = Task.CompletedTask;
        private DateTimeOffset startedAt = DateTimeOffset.MinValue;

        public Keys? Fetched { get; set => Volatile.Write(ref field, value); }

        /// <summary>The fetch that runs, or the last one where it is too early for another.</summary>
        public Task Start(DateTimeOffset now, Func<Task> fetch)
        {
            lock (gate)
            {
                if (fetching.IsCompleted && now - startedAt >= AskAgainAfter)
                {
                    (startedAt, fetching) = (now, Task.Run(fetch));
                }

                return fetching;
            }
        }
    }
}
