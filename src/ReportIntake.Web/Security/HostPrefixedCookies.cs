using Microsoft.AspNetCore.Authentication.Cookies;

namespace ReportIntake.Web.Security;

/// <summary>
/// Cookies named <c>__Host-…</c> over HTTPS, which browsers then bind to this very host (RFC 6265bis). Over plain HTTP,
/// as on a developer's machine, browsers refuse that prefix, and the plain name is used.
/// </summary>
public sealed class HostPrefixedCookies : ICookieManager
{
    private readonly ChunkingCookieManager inner = new();

    public string? GetRequestCookie(HttpContext context, string key) => inner.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        inner.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => inner.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;
}
