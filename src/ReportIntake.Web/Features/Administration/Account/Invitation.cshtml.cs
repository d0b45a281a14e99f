using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>The invited person's first page: code and new password, and on to the second factor.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class InvitationModel(IMediator mediator, UserManager<StaffMember> accounts, StaffSignIn signIn, ErrorText texts) : PageModel
{
    public string? Code { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(string? code, string? password, CancellationToken cancellationToken)
    {
        Code = code;
        var accepted = await mediator.Send(new AcceptInvitation.Command(code ?? "", password ?? ""), cancellationToken);
        if (!accepted.IsSuccess)
        {
            ModelState.AddError(accepted.Error, texts);
            return Page();
        }

        var member = await accounts.FindByIdAsync(accepted.Value.ToString()) ?? throw new InvalidOperationException("The account is gone.");
        await HttpContext.SignInAsync(IdentityConstants.ApplicationScheme, await signIn.OpenAsync(member, multiFactor: false, isTool: false));
        return LocalRedirect("/staff/account");
    }
}
