using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>Rules for setting up and taking away second factors.</summary>
public sealed class SecondFactors(UserManager<StaffMember> accounts, StaffSignIn signIn)
{
    private const int RecoveryCodeCount = 10;

    /// <summary>
    /// Whether this session may set up another factor. With the password alone only the first one: whoever stole a password
    /// would else give themselves the second factor that keeps them out.
    /// </summary>
    public async Task<bool> MayChangeAsync(StaffMember member, ClaimsPrincipal session) => session.IsMultiFactor() || !await signIn.HasSecondFactorAsync(member);

    /// <summary>New codes, told once; the old ones count no more.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(StaffMember member) =>
        [.. await accounts.GenerateNewTwoFactorRecoveryCodesAsync(member, RecoveryCodeCount) ?? []];

    /// <summary>Whether a second factor is left when one passkey is gone.</summary>
    public async Task<bool> MayRemovePasskeyAsync(StaffMember member) => member.TwoFactorEnabled || (await accounts.GetPasskeysAsync(member)).Count > 1;
}
