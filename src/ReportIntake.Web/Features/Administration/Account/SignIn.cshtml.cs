using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>Sign-in in the browser: the password, then a code of the second factor. Who has none yet is led to set it up.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInModel(
    StaffSignIn signIn, UserManager<StaffMember> accounts, IOptions<StaffOptions> staff, IOptions<IdentityOptions> identity, ErrorText texts) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    /// <summary>The page that was asked for; followed only within this service.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Back { get; set; }

    public bool AsksForCode { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(string? password)
    {
        if (string.IsNullOrEmpty(Email) || string.IsNullOrEmpty(password) || password.Length > StaffPasswords.MaxLength)
        {
            return Refuse(SecurityErrors.SignInFailed);
        }

        var result = await signIn.CheckPasswordAsync(Email, password);
        if (!result.IsSuccess)
        {
            return Refuse(result.Error);
        }

        var member = result.Value;
        if (!member.TwoFactorEnabled)
        {
            await OpenSessionAsync(member, multiFactor: false);
            return staff.Value.RequireTwoFactor ? LocalRedirect("/staff/account") : await GoOnAsync(member);
        }

        // Carries the security stamp, so that the half-way state ends with the sessions; see StaffSession.
        await HttpContext.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, member.Id.ToString()),
                new Claim(identity.Value.ClaimsIdentity.SecurityStampClaimType, member.SecurityStamp!),
            ],
            IdentityConstants.TwoFactorUserIdScheme)));
        AsksForCode = true;
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync(string? code)
    {
        var step = await HttpContext.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (step.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || await accounts.FindByIdAsync(id) is not { DeactivatedAt: null } member)
        {
            ModelState.AddError(SecurityErrors.StepExpired, texts);
            return Page();
        }

        var result = await signIn.CheckCodeAsync(member, code ?? "");
        if (result.Error is { Kind: ErrorKind.TooMany } lockedOut)
        {
            await HttpContext.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
            return Refuse(lockedOut);
        }

        if (!result.IsSuccess)
        {
            AsksForCode = true;
            ModelState.AddError(SecurityErrors.CodeWrong, texts);
            return Page();
        }

        await HttpContext.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await OpenSessionAsync(member, multiFactor: true);
        return await GoOnAsync(member);
    }

    private async Task OpenSessionAsync(StaffMember member, bool multiFactor) =>
        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, await signIn.PrincipalAsync(member, multiFactor));

    private async Task<IActionResult> GoOnAsync(StaffMember member)
    {
        if (Url.IsLocalUrl(Back))
        {
            return LocalRedirect(Back);
        }

        var roles = await accounts.GetRolesAsync(member);
        return LocalRedirect(roles.Contains(StaffRoles.Moderator) || roles.Contains(StaffRoles.Supervisor) ? "/staff/queue" : "/staff/account");
    }

    private PageResult Refuse(Error error)
    {
        ModelState.AddError(error, texts);
        return Page();
    }
}
