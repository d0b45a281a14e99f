using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Security;

/// <summary>The two steps of signing in, the same for the page (cookie) and for tools (token).</summary>
public sealed class StaffSignIn(UserManager<StaffMember> accounts, SignInManager<StaffMember> signIn, IPasswordHasher<StaffMember> hasher)
{
    private static readonly StaffMember Nobody = new();
    private static string? nobodysHash;

    /// <summary>
    /// The first step. An unknown address costs the same hashing as a known one and gets the same answer. Ten failures of
    /// either step lock the account for a quarter of an hour.
    /// </summary>
    public async Task<Result<StaffMember>> CheckPasswordAsync(string email, string password)
    {
        var member = await accounts.FindByEmailAsync(email);
        if (member is null or { DeactivatedAt: not null })
        {
            nobodysHash ??= hasher.HashPassword(Nobody, Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            return SecurityErrors.SignInFailed;
        }

        var result = await signIn.CheckPasswordSignInAsync(member, password, lockoutOnFailure: true);
        return result.IsLockedOut ? SecurityErrors.LockedOut : result.Succeeded ? member : SecurityErrors.SignInFailed;
    }

    /// <summary>The second step: a code of the authenticator app, or one of the recovery codes, which is used up.</summary>
    public async Task<Result> CheckCodeAsync(StaffMember member, string code)
    {
        if (await accounts.IsLockedOutAsync(member))
        {
            return SecurityErrors.LockedOut;
        }

        var typed = code.Replace(" ", "", StringComparison.Ordinal);
        var right = typed.Length == 6
            ? await accounts.VerifyTwoFactorTokenAsync(member, accounts.Options.Tokens.AuthenticatorTokenProvider, typed)
            : (await accounts.RedeemTwoFactorRecoveryCodeAsync(member, typed.ToUpperInvariant())).Succeeded;
        if (right)
        {
            await accounts.ResetAccessFailedCountAsync(member);
            return Result.Success;
        }

        await accounts.AccessFailedAsync(member);
        return await accounts.IsLockedOutAsync(member) ? SecurityErrors.LockedOut : SecurityErrors.SignInFailed;
    }

    /// <summary>Both steps at once, as tools take them.</summary>
    public async Task<Result<ClaimsPrincipal>> SignInAsync(string email, string password, string? code, bool requireTwoFactor)
    {
        var checkedPassword = await CheckPasswordAsync(email, password);
        if (!checkedPassword.IsSuccess)
        {
            return checkedPassword.Error;
        }

        var member = checkedPassword.Value;
        if (!member.TwoFactorEnabled)
        {
            return requireTwoFactor ? SecurityErrors.TwoFactorEnrolmentRequired : await PrincipalAsync(member, multiFactor: false);
        }

        if (string.IsNullOrWhiteSpace(code))
        {
            return SecurityErrors.TwoFactorRequired;
        }

        var checkedCode = await CheckCodeAsync(member, code);
        return checkedCode.IsSuccess ? await PrincipalAsync(member, multiFactor: true) : checkedCode.Error;
    }

    /// <summary>What cookie and token carry: id, name, roles, the stamp, and how the person proved who they are (RFC 8176).</summary>
    public async Task<ClaimsPrincipal> PrincipalAsync(StaffMember member, bool multiFactor)
    {
        var principal = await signIn.CreateUserPrincipalAsync(member);
        ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(Policies.AuthenticationMethodClaim, multiFactor ? Policies.MultiFactor : "pwd"));
        return principal;
    }

    /// <summary>The same session once more, for a refresh token whose principal this is; null where the session has ended.</summary>
    public async Task<ClaimsPrincipal?> RenewAsync(ClaimsPrincipal principal) =>
        await signIn.ValidateSecurityStampAsync(principal) is { DeactivatedAt: null } member
            ? await PrincipalAsync(member, principal.HasClaim(Policies.AuthenticationMethodClaim, Policies.MultiFactor))
            : null;

    /// <summary>Ends all sessions of the person, everywhere and at once.</summary>
    public async Task EndSessionsAsync(Guid staffId)
    {
        if (await accounts.FindByIdAsync(staffId.ToString()) is { } member)
        {
            await accounts.UpdateSecurityStampAsync(member);
        }
    }
}
