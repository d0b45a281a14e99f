using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>Sign-in for tools. The framework's bearer handler writes the answer <c>{tokenType, accessToken, expiresIn, refreshToken}</c>.</summary>
public static class Tokens
{
    private const int LockoutSeconds = 15 * 60;

    public sealed record Login(string? Email, string? Password, string? TwoFactorCode);

    public sealed record Refresh(string? RefreshToken);

    internal static async Task<IHttpResult> LoginAsync(Login body, StaffSignIn signIn, IOptions<StaffOptions> staff, HttpResponse response)
    {
        if (string.IsNullOrEmpty(body.Email) || string.IsNullOrEmpty(body.Password) || body.Password.Length > StaffPasswords.MaxLength)
        {
            return SecurityErrors.SignInFailed.ToProblem();
        }

        var result = await signIn.SignInAsync(body.Email, body.Password, body.TwoFactorCode, staff.Value.RequireTwoFactor);
        if (result.Error is { Kind: ErrorKind.TooMany })
        {
            response.Headers.RetryAfter = LockoutSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return result.ToHttp(principal => TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme));
    }

    internal static async Task<IHttpResult> RefreshAsync(Refresh body, StaffSignIn signIn, IOptionsMonitor<BearerTokenOptions> bearer, TimeProvider clock)
    {
        var ticket = bearer.Get(IdentityConstants.BearerScheme).RefreshTokenProtector.Unprotect(body.RefreshToken);
        return ticket?.Properties.ExpiresUtc > clock.GetUtcNow() && await signIn.RenewAsync(ticket.Principal) is { } principal
            ? TypedResults.SignIn(principal, authenticationScheme: IdentityConstants.BearerScheme)
            : SecurityErrors.NotAuthenticated.ToProblem();
    }

    /// <summary>Tokens cannot be called back one by one: signing out ends all sessions of the person.</summary>
    internal static async Task<IHttpResult> LogoutAsync(StaffSignIn signIn, HttpContext context)
    {
        await signIn.EndSessionsAsync(context.User.StaffId());
        return TypedResults.NoContent();
    }
}
