using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Security;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.RateLimiting;

/// <summary>
/// The buckets behind <see cref="RateLimits.Police"/>: one for each client, as wide as the client's registration says, and
/// else as <c>RateLimits:Police</c> does; one for each address of callers who are nobody.
/// </summary>
public sealed class PoliceLimiter(IOptions<RateLimitsOptions> limits) : IDisposable
{
    public PartitionedRateLimiter<HttpContext> Limiter { get; } = PartitionedRateLimiter.Create<HttpContext, string>(context =>
    {
        if (!IsPolice(context))
        {
            return RateLimitPartition.GetNoLimiter("");
        }

        if (ClientOf(context) is not { } client)
        {
            return RateLimits.ByAddress(context, limits.Value.Police);
        }

        var bucket = BucketOf(context, limits.Value.Police);
        return RateLimits.Bucket(string.Create(CultureInfo.InvariantCulture, $"{client} {bucket.Burst} {bucket.PerMinute}"), bucket); // a changed width counts at once
    });

    /// <summary>Sets the answer's <c>RateLimit</c> fields where a police system called.</summary>
    public void Tell(HttpContext context)
    {
        if (!IsPolice(context) || ClientOf(context) is null || Limiter.GetStatistics(context) is not { } statistics)
        {
            return;
        }

        var bucket = BucketOf(context, limits.Value.Police);
        var left = Math.Clamp(statistics.CurrentAvailablePermits, 0, bucket.Burst);
        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{RateLimits.Police}\";q={bucket.Burst};w={Seconds(60.0 * bucket.Burst / bucket.PerMinute)}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{RateLimits.Police}\";r={left}")
            + (left < bucket.Burst ? string.Create(CultureInfo.InvariantCulture, $";t={Seconds(60.0 / bucket.PerMinute)}") : "");
    }

    public void Dispose() => Limiter.Dispose();

    private static int Seconds(double exact) => Math.Max(1, (int)Math.Ceiling(exact));

    private static bool IsPolice(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == RateLimits.Police;

    private static string? ClientOf(HttpContext context) => context.User.FindFirstValue(ApiKeyAuthentication.ClientClaim);

    private static RateLimitsOptions.Bucket BucketOf(HttpContext context, RateLimitsOptions.Bucket standard) =>
        int.TryParse(context.User.FindFirstValue(PoliceAdmission.BurstClaim), CultureInfo.InvariantCulture, out var burst)
        && int.TryParse(context.User.FindFirstValue(PoliceAdmission.PerMinuteClaim), CultureInfo.InvariantCulture, out var perMinute)
            ? new RateLimitsOptions.Bucket { Burst = burst, PerMinute = perMinute }
            : standard;
}
