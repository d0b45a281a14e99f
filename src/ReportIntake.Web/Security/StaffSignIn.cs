using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Security;

/// <summary>The two steps of signing in, the same for the page (cookie) and for tools (token).</summary>
public sealed class StaffSignIn(
    UserManager<StaffMember> accounts,
    SignInManager<StaffMember> signIn,
    IPasswordHasher<StaffMember> hasher,
    SignInAttempts attempts,
    AuthenticatorCodes codes,
    StaffSessions sessions,
    TimeProvider clock)
{
    /// <summary>Every refusal takes at least this long: more than hashing a password and writing down an attempt.</summary>
    private static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(300);

    private static readonly StaffMember Nobody = new();
    private static string? nobodysHash;

    /// <summary>
    /// The first step. Unknown, closed, locked and known accounts cost the same hashing and get the same refusal after the
    /// same time. Ten failures of either step lock the account for a quarter of an hour.
    /// </summary>
    public async Task<Result<StaffMember>> CheckPasswordAsync(string email, string password)
    {
        var started = clock.GetTimestamp();
        var member = await accounts.FindByEmailAsync(email);
        var right = member?.PasswordHash is null ? VerifyNobody(password) : await accounts.CheckPasswordAsync(member, password);
        if (member is { DeactivatedAt: null } && await attempts.BeginAsync(member.Id) && right)
        {
            await attempts.TakeBackAsync(member.Id);
            return member;
        }

        await attempts.RefuseAfterAsync(started, RefusalTakes);
        return SecurityErrors.SignInFailed;
    }

    /// <summary>The second step: a code of the authenticator app, or one of the recovery codes; both are used up.</summary>
    public async Task<Result> CheckCodeAsync(StaffMember member, string code)
    {
        var started = clock.GetTimestamp();
        var typed = code.Replace(" ", "", StringComparison.Ordinal);
        var right = await attempts.BeginAsync(member.Id) && (typed.Length == AuthenticatorCodes.Length
            ? member.TwoFactorEnabled && await codes.UseAsync(member, typed)
            : (await accounts.RedeemTwoFactorRecoveryCodeAsync(member, typed.ToUpperInvariant())).Succeeded);
        if (right)
        {
            return Result.Success;
        }

        await attempts.RefuseAfterAsync(started, RefusalTakes);
        return SecurityErrors.SignInFailed;
    }

    /// <summary>An authenticator app or a passkey is set up.</summary>
    public async Task<bool> HasSecondFactorAsync(StaffMember member) => member.TwoFactorEnabled || (await accounts.GetPasskeysAsync(member)).Count > 0;

    /// <summary>Both steps at once, as tools take them.</summary>
    public async Task<Result<ClaimsPrincipal>> SignInAsync(string email, string password, string? code, bool requireTwoFactor)
    {
        var checkedPassword = await CheckPasswordAsync(email, password);
        if (!checkedPassword.IsSuccess)
        {
            return checkedPassword.Error;
        }

        var member = checkedPassword.Value;
        if (!await HasSecondFactorAsync(member))
        {
            return requireTwoFactor ? SecurityErrors.TwoFactorEnrolmentRequired : await OpenAsync(member, multiFactor: false, isTool: true);
        }

        if (string.IsNullOrWhiteSpace(code))
        {
            return SecurityErrors.TwoFactorRequired;
        }

        var checkedCode = await CheckCodeAsync(member, code);
        return checkedCode.IsSuccess ? await OpenAsync(member, multiFactor: true, isTool: true) : checkedCode.Error;
    }

    /// <summary>A new session of a person who has proven who they are.</summary>
    public async Task<ClaimsPrincipal> OpenAsync(StaffMember member, bool multiFactor, bool isTool)
    {
        await attempts.ForgetAsync(member.Id);
        return await PrincipalAsync(member, multiFactor, await sessions.OpenAsync(member.Id, isTool));
    }

    /// <summary>This session goes on under the account's new security stamp; all others end.</summary>
    public async Task<ClaimsPrincipal> ContinueAsync(StaffMember member, bool multiFactor, Guid session)
    {
        await sessions.EndAllAsync(member.Id, but: session);
        return await PrincipalAsync(member, multiFactor, session);
    }

    /// <summary>The same session once more, for a refresh token whose principal this is; null where the session has ended.</summary>
    public async Task<ClaimsPrincipal?> RenewAsync(ClaimsPrincipal principal) =>
        await signIn.ValidateSecurityStampAsync(principal) is { DeactivatedAt: null } member && await sessions.IsOpenAsync(member.Id, principal.SessionId())
            ? await PrincipalAsync(member, principal.IsMultiFactor(), principal.SessionId())
            : null;

    /// <summary>The first factor is proven, the second is not. Carries the security stamp, so that it ends with the sessions; see <see cref="SessionCheck"/>.</summary>
    public ClaimsPrincipal HalfWay(StaffMember member) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.NameIdentifier, member.Id.ToString()), new Claim(accounts.Options.ClaimsIdentity.SecurityStampClaimType, member.SecurityStamp!)],
        IdentityConstants.TwoFactorUserIdScheme));

    /// <summary>What cookie and token carry: id, name, roles, the stamp, the session, and how the person proved who they are (RFC 8176).</summary>
    private async Task<ClaimsPrincipal> PrincipalAsync(StaffMember member, bool multiFactor, Guid session)
    {
        var principal = await signIn.CreateUserPrincipalAsync(member);
        ((ClaimsIdentity)principal.Identity!).AddClaims(
        [
            new Claim(Policies.AuthenticationMethodClaim, multiFactor ? Policies.MultiFactor : "pwd"),
            new Claim(StaffSession.Claim, session.ToString()),
        ]);
        return principal;
    }

    private bool VerifyNobody(string password)
    {
        nobodysHash ??= hasher.HashPassword(Nobody, Guid.NewGuid().ToString());
        hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
        return false;
    }
}
