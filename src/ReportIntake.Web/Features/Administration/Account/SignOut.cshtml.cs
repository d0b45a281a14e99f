using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>Ends this session: a copied cookie is worth nothing afterwards.</summary>
public sealed class SignOutModel(StaffSessions sessions) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/staff/account");

    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.EndAsync(User.StaffId(), User.SessionId());
        await HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        return LocalRedirect("/staff/sign-in");
    }
}
