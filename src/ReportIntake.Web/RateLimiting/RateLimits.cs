using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.RateLimiting;

/// <summary>
/// Token buckets against flooding and guessing: by address for the public and the sign-in, by client for the police.
/// Routes name one of these by <c>RequireRateLimiting</c> or <c>[EnableRateLimiting]</c>. Many citizens share one address
/// (mobile networks, schools), so the public's buckets are wide; guessing is what the narrow ones stop.
/// </summary>
public static class RateLimits
{
    public const string Submit = "submit";

    /// <summary>Creating uploads, not their chunks.</summary>
    public const string Uploads = "uploads";

    /// <summary>Look-ups by receipt code. On pages only the posted form counts.</summary>
    public const string Receipt = "receipt";

    /// <summary>Staff sign-in. On pages only the posted form counts.</summary>
    public const string SignIn = "sign_in";
    public const string Police = "police";

    /// <summary>Addresses are kept only in memory and only under this process's own key.</summary>
    private static readonly byte[] AddressKey = RandomNumberGenerator.GetBytes(32);

    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitsOptions>().BindConfiguration("RateLimits")
            .Validate(o => o.All.All(b => b.Burst > 0 && b.PerMinute > 0), "RateLimits: Burst and PerMinute must be positive.")
            .ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddSingleton<PoliceLimiter>();
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitsOptions>, PoliceLimiter>((options, limits, police) =>
        {
            options.OnRejected = AnswerAsync;
            options.AddPolicy(Submit, context => ByAddress(context, limits.Value.Submit));
            options.AddPolicy(Uploads, context => ByAddress(context, limits.Value.Uploads));
            options.AddPolicy(Receipt, context => ByAddress(context, limits.Value.Receipt));
            options.AddPolicy(SignIn, context => ByAddress(context, limits.Value.SignIn));

            // The framework shows nobody what is left in a policy's bucket; the global limiter is one's own, and can be asked.
            options.GlobalLimiter = police.Limiter;
            options.AddPolicy(Police, context => RateLimitPartition.GetNoLimiter(""));
        });
        return services;
    }

    internal static RateLimitPartition<string> ByAddress(HttpContext context, RateLimitsOptions.Bucket bucket) =>
        HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            ? RateLimitPartition.GetNoLimiter("") // a page that is only looked at
            : Bucket(AddressPartition(context.Connection.RemoteIpAddress), bucket);

    internal static RateLimitPartition<string> Bucket(string key, RateLimitsOptions.Bucket bucket) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = bucket.Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / bucket.PerMinute,
            QueueLimit = 0,
        });

    /// <summary>One IPv4 address, or one IPv6 network of 64 bits, which is what one customer has.</summary>
    internal static string AddressPartition(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return Convert.ToHexString(HMACSHA256.HashData(AddressKey, address.AddressFamily is AddressFamily.InterNetworkV6 && bytes.Length == 16 ? bytes[..8] : bytes));
    }

    private static async ValueTask AnswerAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        context.RequestServices.GetRequiredService<PoliceLimiter>().Tell(context);
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await Problems.WriteAsync(context, SecurityErrors.TooManyRequests);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests; // without a body: the error pages give it theirs
    }
}

/// <summary>Section <c>RateLimits</c>: for each policy how many at once and how many per minute after that.</summary>
public sealed class RateLimitsOptions
{
    // Indonesian mobile networks put thousands of phones behind one address: the public's buckets stop floods, not people.
    public Bucket Submit { get; set; } = new() { Burst = 600, PerMinute = 300 };

    public Bucket Uploads { get; set; } = new() { Burst = 2_000, PerMinute = 1_000 };

    // 80 random bits cannot be guessed at any rate that a network carries.
    public Bucket Receipt { get; set; } = new() { Burst = 300, PerMinute = 150 };

    // Lockout guards the single account; this guards all of them from one address.
    public Bucket SignIn { get; set; } = new() { Burst = 30, PerMinute = 20 };

    public Bucket Police { get; set; } = new() { Burst = 6_000, PerMinute = 6_000 };

    internal IEnumerable<Bucket> All => [Submit, Uploads, Receipt, SignIn, Police];

    public sealed class Bucket
    {
        public int Burst { get; set; }

        public int PerMinute { get; set; }
    }
}
