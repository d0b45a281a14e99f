namespace ReportIntake.Web.Security;

/// <summary>
/// The headers every answer carries. Nothing is loaded from elsewhere, nothing runs inline, and nothing but the
/// built assets is kept by a browser or proxy: a borrowed phone must not show what its owner's child has read.
/// </summary>
public static class SecurityHeaders
{
    private const string Citizens =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Working copies are shown there, also from memory once they are revealed.</summary>
    private const string Staff =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Swagger UI, which Development alone serves, brings inline styles and images in data URLs.</summary>
    private const string Swagger =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), " +
        "payment=(), usb=(), browsing-topics=(), interest-cohort=()";

    /// <summary>Call it first: what fails later is answered with these headers too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        var development = app.ApplicationServices.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                Write(context, development);
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Write(HttpContext context, bool development)
    {
        var path = context.Request.Path;
        var headers = context.Response.Headers;

        // What sends evidence has a stricter policy of its own.
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = PolicyOf(path, development);
        }

        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // Assets hold nothing personal and say themselves how long they keep: for ever where the address has a fingerprint.
        if (!path.StartsWithSegments("/assets", StringComparison.OrdinalIgnoreCase) || context.Response.StatusCode >= 400)
        {
            headers.CacheControl = "no-store";
        }
    }

    private static string PolicyOf(PathString path, bool development) =>
        path.StartsWithSegments("/staff", StringComparison.OrdinalIgnoreCase) ? Staff
        : development && path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase) ? Swagger
        : Citizens;
}
