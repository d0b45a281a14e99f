using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>One's own decisions that may still be undone, on whatever page one works next.</summary>
public sealed class UndoBar(ReportIntakeDbContext database, TimeProvider clock) : ViewComponent
{
    /// <param name="Action">What was decided, as the history calls it.</param>
    /// <param name="Left">For how long it may be undone.</param>
    public sealed record Held(Guid ReportId, string Reference, string Action, TimeSpan Left);

    public async Task<IViewComponentResult> InvokeAsync()
    {
        // Of all moderators some ten seconds' decisions: whose they are is sealed.
        var (me, now) = (UserClaimsPrincipal.StaffId(), clock.GetUtcNow());
        var held = await database.Reports.AsNoTracking().Where(r => r.UndoUntil > now).ToListAsync(HttpContext.RequestAborted);
        return View("/Features/Moderation/DecideReport/_UndoBar.cshtml", held.Where(r => r.Held?.Decided.Actor.Id == me).OrderByDescending(r => r.UndoUntil)
            .Select(r => new Held(r.Id, r.Reference, r.Held!.Decided.Action.Name(), r.UndoUntil!.Value - now)).ToList());
    }
}
