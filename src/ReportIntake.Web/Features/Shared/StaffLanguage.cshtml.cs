using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ReportIntake.Web.Features.Shared;

/// <summary>Remembers the language that a member of staff reads the pages in. Open before signing in, for the sign-in page.</summary>
[AllowAnonymous]
public sealed class StaffLanguageModel : PageModel
{
    public IActionResult OnGet() => Redirect("/staff/queue");

    public IActionResult OnPost(string? language, string? back)
    {
        if (language is "id" or "en")
        {
            Response.Cookies.Append(PathCulture.StaffCookie, language, new CookieOptions
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                Path = "/staff",
                SameSite = SameSiteMode.Strict,
                Secure = Request.IsHttps,
            });
        }

        return Url.IsLocalUrl(back) ? LocalRedirect(back) : Redirect("/staff/queue");
    }
}
