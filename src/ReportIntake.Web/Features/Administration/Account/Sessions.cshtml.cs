using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>One's own open sessions: to see that there is none that is not one's own, and to end them.</summary>
public sealed class SessionsModel(StaffSessions sessions) : PageModel
{
    public IReadOnlyList<StaffSession> Open { get; private set; } = [];

    public Guid Current => User.SessionId();

    public async Task OnGetAsync(CancellationToken cancellationToken) => Open = await sessions.ListAsync(User.StaffId(), cancellationToken);

    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        await sessions.EndAsync(User.StaffId(), id); // ended already is as good
        return LocalRedirect("/staff/account/sessions");
    }

    public async Task<IActionResult> OnPostEndAllAsync()
    {
        await sessions.EndAllAsync(User.StaffId());
        await HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
        return LocalRedirect("/staff/sign-in");
    }
}
