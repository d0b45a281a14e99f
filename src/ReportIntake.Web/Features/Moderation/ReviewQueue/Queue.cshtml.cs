using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>The moderators' start: the next report by one button, what one holds, and the queue with filters.</summary>
public sealed class QueueModel(QueueReader queue, ReportCatalogue catalogue, StaffNames names, Words words, ErrorText errors, IMediator mediator, TimeProvider clock) : PageModel
{
    private const string PageSize = "50";

    [BindProperty(SupportsGet = true)]
    public string? Tier { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Category { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Area { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    /// <summary>What was just done, and to which report: codes of this page's own redirects.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Of { get; set; }

    public IReadOnlyList<QueueItem> Mine { get; private set; } = [];

    public QueueReader.Response Waiting { get; private set; } = new([], null);

    public IReadOnlyDictionary<Tier, int> Counts { get; private set; } = new Dictionary<Tier, int>();

    public bool IsFiltered => (Tier ?? State ?? Category ?? Area) is not null;

    public IEnumerable<Choice> Tiers => Enum.GetValues<Tier>().Select(t => new Choice(t.Name(), words.Of("tier", t)));

    public IEnumerable<Choice> States => Enum.GetValues<ReportState>().Where(s => s is not ReportState.Purged).Select(s => new Choice(s.Name(), words.Of("state", s)));

    public IEnumerable<Choice> Categories => catalogue.Categories.Select(c => new Choice(c.Code, c.Name.ToString()));

    public IEnumerable<Choice> Areas => catalogue.Areas.Where(a => a.Province is null).Select(a => new Choice(a.Code, a.Name));

    public string NameOf(Guid id) => names.Of(id);

    /// <summary>The row's link to the next page keeps the filter.</summary>
    public string NextPage => QueryString.Create(
        new (string Key, string? Value)[] { ("tier", Tier), ("state", State), ("category", Category), ("area", Area), ("cursor", Waiting.NextCursor) }
            .Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value))).Value!;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        (Tier, State, Category, Area, Cursor) = (Blank(Tier), Blank(State), Blank(Category), Blank(Area), Blank(Cursor));
        var page = await queue.ReadAsync(new QueueReader.Filter(Tier, Category, Area, State, PageSize, Cursor), cancellationToken);
        if (page.IsSuccess)
        {
            Waiting = page.Value;
        }
        else
        {
            foreach (var field in page.Error.Fields)
            {
                ModelState.AddModelError(field.Field is "cursor" ? "" : char.ToUpperInvariant(field.Field[0]) + field.Field[1..], errors.Of(field));
            }
        }

        Mine = await queue.HeldByAsync(User.StaffId(), clock.GetUtcNow(), cancellationToken);
        Counts = await queue.CountWaitingAsync(cancellationToken);
        await names.LoadAsync(Waiting.Items.Select(i => i.ClaimedBy), cancellationToken);
    }

    public async Task<IActionResult> OnPostNextAsync(CancellationToken cancellationToken)
    {
        var next = await mediator.Send(new ClaimNext.Command(User.ToActor()), cancellationToken);
        if (next is { IsSuccess: true, Value.Report: { } report })
        {
            return LocalRedirect($"/staff/reports/{report.Id}");
        }

        return next.Error is { } error ? Refused(error) : LocalRedirect("/staff/queue?done=none");
    }

    private LocalRedirectResult Refused(Error error) => LocalRedirect("/staff/queue?done=" + Uri.EscapeDataString(error.Code));

    private static string? Blank(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
