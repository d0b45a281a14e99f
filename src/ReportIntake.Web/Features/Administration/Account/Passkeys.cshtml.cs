using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>One's own passkeys: add, name, remove. A new one comes with recovery codes where there are none, and ends the other sessions.</summary>
public sealed class PasskeysModel(UserManager<StaffMember> accounts, Passkeys passkeys, SecondFactors factors, StaffSignIn signIn, ErrorText texts) : PageModel
{
    public IReadOnlyList<Passkeys.Item> Items { get; private set; } = [];

    /// <summary>Shown on this one answer.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    public async Task OnGetAsync() => Items = await passkeys.ListAsync(await MemberAsync());

    /// <summary>For the page's script.</summary>
    public async Task<IActionResult> OnPostOptionsAsync() => Content(await passkeys.CreationOptionsAsync(await MemberAsync()), "application/json");

    public async Task<IActionResult> OnPostAddAsync(string? credential, string? name)
    {
        var member = await MemberAsync();
        if (!await factors.MayChangeAsync(member, User))
        {
            return await RefuseAsync(SecurityErrors.SecondFactorFirst);
        }

        if (!await passkeys.AddAsync(member, credential ?? "", Named(name)))
        {
            return await RefuseAsync(SecurityErrors.PasskeyRefused);
        }

        if (await accounts.CountRecoveryCodesAsync(member) == 0)
        {
            RecoveryCodes = await factors.RenewRecoveryCodesAsync(member);
        }

        await accounts.UpdateSecurityStampAsync(member);
        await ContinueSessionAsync(member, multiFactor: true);
        await OnGetAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostRenameAsync(string? id, string? name)
    {
        await passkeys.RenameAsync(await MemberAsync(), id ?? "", Named(name));
        return LocalRedirect("/staff/account/passkeys");
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? id)
    {
        var member = await MemberAsync();
        var refusal = !await factors.MayChangeAsync(member, User) ? SecurityErrors.SecondFactorFirst
            : !await factors.MayRemovePasskeyAsync(member) ? SecurityErrors.LastFactor
            : null;
        if (refusal is not null)
        {
            return await RefuseAsync(refusal);
        }

        await passkeys.RemoveAsync(member, id ?? "");
        await accounts.UpdateSecurityStampAsync(member);
        await ContinueSessionAsync(member, User.IsMultiFactor());
        return LocalRedirect("/staff/account/passkeys");
    }

    private static string Named(string? name) => name?.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, Passkeys.NameMaxLength)] : "Passkey";

    private async Task<StaffMember> MemberAsync() =>
        await accounts.FindByIdAsync(User.StaffId().ToString()) ?? throw new InvalidOperationException("The signed-in account is gone.");

    private async Task ContinueSessionAsync(StaffMember member, bool multiFactor) =>
        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, await signIn.ContinueAsync(member, multiFactor, User.SessionId()));

    private async Task<IActionResult> RefuseAsync(Error error)
    {
        ModelState.AddError(error, texts);
        await OnGetAsync();
        return Page();
    }
}
