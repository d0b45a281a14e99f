using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Web.Features.Moderation.ReadReport;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>
/// One file, by steps that cost a click each: its facts; the thumbnail, blurred and grey; the working copy. Nothing is
/// loaded before it is asked for, because fewer exposures protect and blur alone does not.
/// </summary>
public sealed class EvidenceModel(ReportReader reader) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public Guid EvidenceId { get; set; }

    /// <summary><c>thumbnail</c> or <c>working_copy</c>; else facts only.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Show { get; set; }

    public ReportView Report { get; private set; } = null!;

    public EvidenceView Item { get; private set; } = null!;

    public bool IsVideo => Item.WorkingCopyType?.StartsWith("video/", StringComparison.Ordinal) is true;

    public string Source(string copy) => $"/api/v1/moderation/reports/{Id}/evidence/{EvidenceId}/{copy}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var read = await reader.ReadAsync(Id, cancellationToken);
        if (!read.IsSuccess || read.Value.Evidence.FirstOrDefault(e => e.Id == EvidenceId) is not { } file)
        {
            return NotFound();
        }

        (Report, Item) = (read.Value, file);
        return Page();
    }
}
