using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using QRCoder;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>One's own account: the second factor, recovery codes, the password. Changes to any of them end the other sessions.</summary>
public sealed class IndexModel(
    UserManager<StaffMember> accounts, StaffSignIn signIn, SecondFactors factors, AuthenticatorCodes codes, IOptions<StaffOptions> staff, ErrorText texts) : PageModel
{
    public string Email { get; private set; } = "";

    public IReadOnlyList<string> Roles { get; private set; } = [];

    public bool TwoFactorEnabled { get; private set; }

    public int PasskeyCount { get; private set; }

    public bool HasSecondFactor => TwoFactorEnabled || PasskeyCount > 0;

    public bool RequiresTwoFactor => staff.Value.RequireTwoFactor;

    /// <summary>The key to type into the app, in groups of four.</summary>
    public string AuthenticatorKey { get; private set; } = "";

    public string AuthenticatorUri { get; private set; } = "";

    /// <summary>The same as a picture (SVG) to scan.</summary>
    public string AuthenticatorQr { get; private set; } = "";

    /// <summary>Shown on this one answer.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    public bool PasswordChanged { get; private set; }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostEnrolAsync(string? code)
    {
        var member = await MemberAsync();
        var typed = (code ?? "").Replace(" ", "", StringComparison.Ordinal);
        if (member.TwoFactorEnabled)
        {
            return await ShowAsync();
        }

        var refusal = !await factors.MayChangeAsync(member, User) ? SecurityErrors.SecondFactorFirst
            : !await codes.UseAsync(member, typed) ? SecurityErrors.CodeWrong
            : null;
        if (refusal is not null)
        {
            ModelState.AddError(refusal, texts);
            return await ShowAsync();
        }

        await accounts.SetTwoFactorEnabledAsync(member, true);
        RecoveryCodes = await factors.RenewRecoveryCodesAsync(member);
        await ContinueSessionAsync(member, multiFactor: true);
        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostRecoveryCodesAsync()
    {
        var member = await MemberAsync();
        if (await signIn.HasSecondFactorAsync(member) && await factors.MayChangeAsync(member, User))
        {
            RecoveryCodes = await factors.RenewRecoveryCodesAsync(member);
            await ContinueSessionAsync(member, User.IsMultiFactor());
        }

        return await ShowAsync();
    }

    public async Task<IActionResult> OnPostPasswordAsync(string? currentPassword, string? newPassword)
    {
        var member = await MemberAsync();
        if ((newPassword?.Length ?? 0) > StaffPasswords.MaxLength || (currentPassword?.Length ?? 0) > StaffPasswords.MaxLength)
        {
            ModelState.AddError(StaffPasswords.TooLong("newPassword"), texts);
            return await ShowAsync();
        }

        var changed = await accounts.ChangePasswordAsync(member, currentPassword ?? "", newPassword ?? "");
        if (changed.Succeeded)
        {
            PasswordChanged = true;
            await ContinueSessionAsync(member, User.IsMultiFactor());
        }
        else
        {
            ModelState.AddError(changed.ToError("newPassword"), texts);
        }

        return await ShowAsync();
    }

    private async Task<StaffMember> MemberAsync() =>
        await accounts.FindByIdAsync(User.StaffId().ToString()) ?? throw new InvalidOperationException("The signed-in account is gone.");

    private async Task<IActionResult> ShowAsync()
    {
        var member = await MemberAsync();
        (Email, TwoFactorEnabled, Roles) = (member.Email!, member.TwoFactorEnabled, [.. await accounts.GetRolesAsync(member)]);
        PasskeyCount = (await accounts.GetPasskeysAsync(member)).Count;
        if (!TwoFactorEnabled)
        {
            var key = await accounts.GetAuthenticatorKeyAsync(member);
            if (key is null)
            {
                await accounts.ResetAuthenticatorKeyAsync(member);
                key = await accounts.GetAuthenticatorKeyAsync(member);
                await ContinueSessionAsync(member, multiFactor: false);
            }

            AuthenticatorKey = string.Join(' ', key!.Chunk(4).Select(c => new string(c)));
            AuthenticatorUri = $"otpauth://totp/ReportIntake:{Uri.EscapeDataString(Email)}?secret={key}&issuer=ReportIntake&digits=6";
            AuthenticatorQr = QrCode(AuthenticatorUri);
        }

        return Page();
    }

    /// <summary>Inline, because no address may answer with an account's key.</summary>
    private static string QrCode(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(code);
        return svg.GetGraphic(4, "#14232b", "#ffffff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    /// <summary>This session goes on under the new security stamp; all others have ended by it.</summary>
    private async Task ContinueSessionAsync(StaffMember member, bool multiFactor) =>
        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, await signIn.ContinueAsync(member, multiFactor, User.SessionId()));
}
