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

/// <summary>
/// Sign-in in the browser: the password, then a code of the second factor; or a passkey, which is both. Who has no second
/// factor yet is led to set one up.
/// </summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInModel(
    StaffSignIn signIn, Passkeys passkeys, UserManager<StaffMember> accounts, IOptions<StaffOptions> staff, ErrorText texts) : PageModel
{
    [BindProperty]
    public string? Email { get; set; }

    /// <summary>The page that was asked for; followed only within this service.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Back { get; set; }

    public bool AsksForCode { get; private set; }

    /// <summary>What the identity provider is called here; null where there is none.</summary>
    public string? ProviderName => staff.Value.OpenIdConnect.IsOn ? staff.Value.OpenIdConnect.Name : null;

    /// <param name="step"><c>code</c> where the first step was done elsewhere; see <see cref="ProviderCallbackModel"/>.</param>
    public void OnGet(string? step) => AsksForCode = step == "code";

    public async Task<IActionResult> OnPostAsync(string? password)
    {
        if (string.IsNullOrEmpty(Email) || string.IsNullOrEmpty(password) || password.Length > StaffPasswords.MaxLength)
        {
            return Refuse(SecurityErrors.SignInFailed);
        }

        var result = await signIn.CheckPasswordAsync(Email, password);
        return result.IsSuccess ? await AfterFirstFactorAsync(result.Value) : Refuse(result.Error);
    }

    public async Task<IActionResult> OnPostCodeAsync(string? code)
    {
        var step = await HttpContext.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
        if (step.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || await accounts.FindByIdAsync(id) is not { DeactivatedAt: null } member)
        {
            return Refuse(SecurityErrors.StepExpired);
        }

        var result = await signIn.CheckCodeAsync(member, code ?? "");
        if (!result.IsSuccess)
        {
            AsksForCode = true;
            return Refuse(SecurityErrors.CodeWrong);
        }

        return await OpenSessionAsync(member, multiFactor: true);
    }

    /// <summary>For the page's script.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync() => Content(await passkeys.RequestOptionsAsync(), "application/json");

    public async Task<IActionResult> OnPostPasskeyAsync(string? credential) =>
        await passkeys.SignInAsync(credential ?? "") is { } member ? await OpenSessionAsync(member, multiFactor: true) : Refuse(SecurityErrors.PasskeyRefused);

    private async Task<IActionResult> AfterFirstFactorAsync(StaffMember member)
    {
        if (!await signIn.HasSecondFactorAsync(member))
        {
            return await OpenSessionAsync(member, multiFactor: false);
        }

        await HttpContext.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, signIn.HalfWay(member));
        AsksForCode = true;
        return Page();
    }

    private async Task<IActionResult> OpenSessionAsync(StaffMember member, bool multiFactor)
    {
        await HttpContext.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, await signIn.OpenAsync(member, multiFactor, isTool: false));
        return !multiFactor && staff.Value.RequireTwoFactor ? LocalRedirect("/staff/account")
            : Url.IsLocalUrl(Back) ? LocalRedirect(Back)
            : LocalRedirect(await FirstPageAsync(member));
    }

    private async Task<string> FirstPageAsync(StaffMember member) =>
        (await accounts.GetRolesAsync(member)).Intersect(StaffRoles.Desk).Any() ? "/staff/queue" : "/staff/account";

    private PageResult Refuse(Error error)
    {
        ModelState.AddError(error, texts);
        return Page();
    }
}
