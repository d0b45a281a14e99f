using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>
/// <c>&lt;file-field for="Files" label="…" accept="image/*,video/*" multiple="true" data-uploads&gt;</c>. The browser's own
/// control, which every phone knows; <c>data-uploads</c> on it loads the resumable uploads where scripts run.
/// </summary>
[HtmlTargetElement("file-field")]
public sealed class FileFieldTagHelper(IStringLocalizer<SharedTexts> texts) : FieldTagHelper(texts)
{
    public string? Accept { get; set; }

    public bool Multiple { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var input = Tag(
            "input",
            WithError("govuk-file-upload"),
            ("id", Id),
            ("name", Name),
            ("type", "file"),
            ("accept", Accept),
            ("multiple", Multiple ? "multiple" : null),
            ("aria-describedby", DescribedBy()));
        WriteGroup(output, LabelTag(), HintTag(), ErrorTag(), input);
    }
}
