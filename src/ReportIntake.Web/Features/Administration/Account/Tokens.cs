using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>Sign-in for tools. The framework's bearer handler writes the answer <c>{tokenType, accessToken, expiresIn, refreshToken}</c>.</summary>
public static class Tokens
{
    public sealed record Login(string? Email, string? Password, string? TwoFactorCode);

    public sealed record Refresh(string? RefreshToken);

    internal static async Task<IHttpResult> LoginAsync(Login body, StaffSignIn signIn, IOptions<StaffOptions> staff)
    {
        if (string.IsNullOrEmpty(body.Email) || string.IsNullOrEmpty(body.Password) || body.Password.Length > StaffPasswords.MaxLength)
        {
            return SecurityErrors.SignInFailed.ToProblem();
        }

        return (await signIn.SignInAsync(body.Email, body.Password, body.TwoFactorCode, staff.Value.RequireTwoFactor)).ToHttp(principal => TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme));
    }

    internal static async Task<IHttpResult> RefreshAsync(Refresh body, StaffSignIn signIn, IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider clock)
    {
        var ticket = bearer.Get(IdentityConstants.BearerScheme).RefreshTokenProtector.Unprotect(body.RefreshToken);
        return ticket?.Properties.ExpiresUtc > clock.GetUtcNow() && await signIn.RenewAsync(ticket.Principal) is { } principal
            ? TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme)
            : SecurityErrors.NotAuthenticated.ToProblem();
    }

    /// <summary>The session's token, its refresh token and its cookie count no more.</summary>
    internal static async Task<IHttpResult> LogoutAsync(StaffSessions sessions, HttpContext context)
    {
        await sessions.EndAsync(context.User.StaffId(), context.User.SessionId());
        return TypedResults.NoContent();
    }
}
