using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;
using ReportIntake.Web.Security.OpenIdConnect;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>
/// Where the identity provider leads the browser back to. The page goes on by itself rather than by a redirect: the session's
/// cookie is Strict, and browsers send it only on a step that one of this site's own pages takes.
/// </summary>
public sealed class ProviderCallbackModel(
    ProviderSignIn provider, ProviderAccounts people, HandshakeCookie handshakes, StaffSignIn signIn, IOptions<StaffOptions> staff, ErrorText texts) : PageModel
{
    public const string Route = "/staff/sign-in/callback";

    /// <summary>The page to go on to; null where the sign-in failed.</summary>
    public string? Next { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? code, string? state, string? iss, CancellationToken cancellationToken)
    {
        var handshake = handshakes.Take(HttpContext, state);
        var person = handshake is null || string.IsNullOrEmpty(code) || !staff.Value.OpenIdConnect.IsOn
            || (iss is not null && iss != staff.Value.OpenIdConnect.Authority) // RFC 9207
            ? null
            : await provider.CompleteAsync(code, handshake, Address(Request), cancellationToken);
        if (person is null || await people.FindAsync(person) is not { } member)
        {
            ModelState.AddError(SecurityErrors.ProviderFailed, texts);
            return Page();
        }

        var back = Url.IsLocalUrl(handshake!.Back) ? handshake.Back : "/staff/account";
        if (!person.IsMultiFactor && await signIn.HasSecondFactorAsync(member))
        {
            await HttpContext.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, signIn.HalfWay(member));
            Next = "/staff/sign-in" + QueryString.Create("step", "code").Add("back", back);
            return Page();
        }

        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, await signIn.OpenAsync(member, person.IsMultiFactor, isTool: false));
        Next = back;
        return Page();
    }

    /// <summary>Leaves for the provider. A link, not a form: <c>form-action 'self'</c> holds for the redirects of a form, too.</summary>
    internal static async Task<Microsoft.AspNetCore.Http.IResult> BeginAsync(
        string? back, HttpContext context, ProviderSignIn provider, HandshakeCookie handshakes, IOptions<StaffOptions> staff, CancellationToken cancellationToken)
    {
        if (!staff.Value.OpenIdConnect.IsOn || await provider.BeginAsync(Address(context.Request), back, cancellationToken) is not (var address, var handshake))
        {
            return TypedResults.LocalRedirect(Route); // which says that it failed
        }

        handshakes.Write(context, handshake);
        return TypedResults.Redirect(address);
    }

    private static string Address(HttpRequest request) => $"{request.Scheme}://{request.Host}{Route}";
}
