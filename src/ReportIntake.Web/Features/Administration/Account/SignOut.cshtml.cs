using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>Ends all sessions of the person: a copied cookie is worth nothing afterwards.</summary>
public sealed class SignOutModel(StaffSignIn signIn) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/staff/account");

    public async Task<IActionResult> OnPostAsync()
    {
        await signIn.EndSessionsAsync(User.StaffId());
        await HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        return LocalRedirect("/staff/sign-in");
    }
}
