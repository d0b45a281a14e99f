using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ReportIntake.Web.Features.Moderation.ServePolice;

/// <summary>All that waits at the desk, the oldest first.</summary>
public sealed class DeskModel(DeskTasks tasks) : PageModel
{
    public IReadOnlyList<DeskTasks.Item> Items { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken) => Items = (await tasks.ReadAsync(null, cancellationToken)).Items;
}
