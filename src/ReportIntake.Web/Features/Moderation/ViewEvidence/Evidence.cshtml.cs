using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Features.Moderation.Exposure;
using ReportIntake.Web.Features.Moderation.ReadReport;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>
/// One file, by steps that cost a click each: its facts; the thumbnail, or a video's contact sheet; the working copy. Nothing is
/// loaded before it is asked for, because fewer exposures protect and blur alone does not.
/// </summary>
public sealed class EvidenceModel(ReportReader reader, MetadataSheets sheets, ViewingInForce viewing, ExposureBudget budget, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid EvidenceId { get; set; }

    /// <summary><c>thumbnail</c>, which of a video is its contact sheet, or <c>working_copy</c>; else facts only.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary><c>known</c> where somebody insists on seeing a file that a list knows.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Reveal { get; set; }

    public ReportView Report { get; private set; } = null!;

    public EvidenceView Item { get; private set; } = null!;

    public bool IsVideo => Item.WorkingCopyType?.StartsWith("video/", StringComparison.Ordinal) is true;

    public bool IsShown => Show is "thumbnail" or "working_copy";

    public bool HasFirst => Item.HasThumbnail || Item.HasContactSheet;

    /// <summary>What is shown first.</summary>
    public string First => Item.HasContactSheet ? "contact-sheet" : "thumbnail";

    public Viewing Viewing { get; private set; } = null!;

    /// <summary>One's own, of today.</summary>
    public ExposureLoad Load { get; private set; } = null!;

    /// <summary>The budget has room for it.</summary>
    public bool IsAllowed { get; private set; }

    public List<MatchView> Known { get; private set; } = [];

    /// <summary>Known and not insisted on: no source of a byte of it may stand in the page.</summary>
    public bool StaysHidden => Known.Count > 0 && Reveal is not ViewCopy.RevealKnown;

    /// <summary>Camera, time, codec and the like: nothing that leads to anybody.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; private set; } = new Dictionary<string, string>();

    public string Source(string copy) =>
        $"/api/v1/moderation/reports/{Id}/evidence/{EvidenceId}/{copy}{(Known.Count > 0 ? $"?reveal={ViewCopy.RevealKnown}" : "")}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(Id, cancellationToken);
        if (!read.IsSuccess || read.Value.Evidence.FirstOrDefault(e => e.Id == EvidenceId) is not { } file)
        {
            return NotFound();
        }

        (Report, Item) = (read.Value, file);
        Viewing = await viewing.OfAsync(User.StaffId(), cancellationToken);
        var now = clock.GetUtcNow();
        Load = await budget.LoadAsync(User.StaffId(), now, cancellationToken);
        IsAllowed = Load.Allows(await budget.SeenTodayAsync(User.StaffId(), EvidenceId, now, cancellationToken));
        Known = [.. Report.Matches.Where(m => m.EvidenceId == EvidenceId)];
        Properties = (await sheets.ReadAsync(EvidenceId, cancellationToken))?.Facts ?? Properties;
        return Page();
    }
}
