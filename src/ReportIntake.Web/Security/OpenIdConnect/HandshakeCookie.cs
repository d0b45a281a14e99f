using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace ReportIntake.Web.Security.OpenIdConnect;

/// <summary>
/// Keeps the <see cref="Handshake"/> in the browser that began it: an answer that another browser brings (login CSRF) finds
/// none. Lax, not Strict like the session's: the provider leads the browser back, which is a step from another site.
/// </summary>
public sealed class HandshakeCookie(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Name = "ri-staff-provider";
    private static readonly HostPrefixedCookies Cookies = new();
    private readonly IDataProtector protector = protection.CreateProtector("staff-provider-handshake");

    public void Write(HttpContext context, Handshake handshake) => Cookies.AppendResponseCookie(
        context, Name, protector.Protect(JsonSerializer.Serialize(handshake)), Options(context, handshake.ExpiresAt));

    /// <summary>Takes the handshake with this state, once; null where there is none, or no longer.</summary>
    public Handshake? Take(HttpContext context, string? state)
    {
        if (Cookies.GetRequestCookie(context, Name) is not { } kept || Open(kept) is not { } handshake)
        {
            return null;
        }

        Cookies.DeleteCookie(context, Name, Options(context, null));
        return handshake.ExpiresAt > clock.GetUtcNow()
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(handshake.State), Encoding.UTF8.GetBytes(state ?? ""))
                ? handshake
                : null;
    }

    private Handshake? Open(string kept)
    {
        try
        {
            return JsonSerializer.Deserialize<Handshake>(protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null; // not sealed here
        }
    }

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) => new()
    {
        Path = "/",
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Expires = expires,
    };
}
