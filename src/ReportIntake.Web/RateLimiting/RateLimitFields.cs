namespace ReportIntake.Web.RateLimiting;

/// <summary>
/// Tells police systems where they stand, in the fields of draft-ietf-httpapi-ratelimit-headers-11: the bucket and the
/// time in which an empty one fills (<c>RateLimit-Policy: "police";q=6000;w=60</c>), what is left of it and in how many
/// seconds there is more (<c>RateLimit: "police";r=5998;t=1</c>).
/// </summary>
public sealed class RateLimitFields(RequestDelegate next, PoliceLimiter limiter)
{
    public Task InvokeAsync(HttpContext context)
    {
        limiter.Tell(context);
        return next(context);
    }
}
