using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
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
public sealed class QueueModel(QueueReader queue, ReportCatalogue catalogue, StaffNames names, Words words, ErrorText errors, IMediator mediator, QueueCounter counter, IOptions<EscalationOptions> escalation) : PageModel
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

    /// <summary>One of <see cref="DeskQueue"/>, by its code.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Queue { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    /// <summary>What was just done, and to which report: codes of this page's own redirects.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Of { get; set; }

    public IReadOnlyList<QueueItem> Mine { get; private set; } = [];

    public QueueReader.Response Waiting { get; private set; } = new([], null);

    public QueueCounts Counts { get; private set; } = null!;

    public bool IsFiltered => HasChoices || Queue is not null;

    public bool HasChoices => (Tier ?? State ?? Category ?? Area) is not null;

    /// <summary>Whether overdue reports are escalated to this person.</summary>
    public bool IsCalledToOverdue => escalation.Value.CalledRoles().Any(User.IsInRole);

    /// <summary>The queues with their counts, all open reports first.</summary>
    public IEnumerable<(DeskQueue? Queue, int? Count)> Queues =>
    [
        (null, null),
        (DeskQueue.Mine, Mine.Count),
        (DeskQueue.SecondReview, Counts.SecondReview),
        (DeskQueue.Returned, Counts.Returned),
        (DeskQueue.WaitingForReporter, Counts.WaitingForReporter),
        (DeskQueue.Overdue, Counts.Overdue),
    ];

    public IEnumerable<Choice> Tiers => Enum.GetValues<Tier>().Select(t => new Choice(t.Name(), words.Of("tier", t)));

    public IEnumerable<Choice> States => Enum.GetValues<ReportState>().Where(s => s is not ReportState.Purged).Select(s => new Choice(s.Name(), words.Of("state", s)));

    public IEnumerable<Choice> Categories => catalogue.Categories.Select(c => new Choice(c.Code, c.Name.ToString()));

    public IEnumerable<Choice> Areas => catalogue.Areas.Where(a => a.Province is null).Select(a => new Choice(a.Code, a.Name));

    public string NameOf(Guid id) => names.Of(id);

    /// <summary>The link to the next page keeps the filter.</summary>
    public string NextPage => Query(Waiting.NextCursor);

    /// <summary>The first page of the same filter.</summary>
    public string ThisQueue => Query(null);

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        (Tier, State, Category, Area, Queue, Cursor) = (Blank(Tier), Blank(State), Blank(Category), Blank(Area), Blank(Queue), Blank(Cursor));
        var page = await queue.ReadAsync(new QueueReader.Filter(Tier, Category, Area, State, Queue, PageSize, Cursor), User.StaffId(), cancellationToken);
        if (page.IsSuccess)
        {
            Waiting = page.Value;
        }
        else
        {
            foreach (var field in page.Error.Fields)
            {
                ModelState.AddModelError(field.Field is "cursor" or "queue" ? "" : char.ToUpperInvariant(field.Field[0]) + field.Field[1..], errors.Of(field));
            }
        }

        Mine = await queue.HeldByAsync(User.StaffId(), cancellationToken);
        Counts = await counter.CountAsync(cancellationToken);
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

    private string Query(string? cursor) => QueryString.Create(
        new (string Key, string? Value)[] { ("queue", Queue), ("tier", Tier), ("state", State), ("category", Category), ("area", Area), ("cursor", cursor) }
            .Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value))).Value!;

    private LocalRedirectResult Refused(Error error) => LocalRedirect("/staff/queue?done=" + Uri.EscapeDataString(error.Code));

    private static string? Blank(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
