using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>
/// <c>&lt;text-area-field for="Description" label="…" max-length="10000"&gt;</c>. The limit is told and counted, but not
/// enforced while typing: a pasted text must not be cut in silence.
/// </summary>
[HtmlTargetElement("text-area-field")]
public sealed class TextAreaFieldTagHelper(IStringLocalizer<SharedTexts> texts) : FieldTagHelper(texts)
{
    public int Rows { get; set; } = 6;

    /// <summary>UTF-16 code units, as browsers and <c>string.Length</c> count.</summary>
    public int? MaxLength { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var area = Tag(
            "textarea",
            WithError("govuk-textarea") + (MaxLength is null ? "" : " govuk-js-character-count"),
            ("id", Id),
            ("name", Name),
            ("rows", Rows.ToString(CultureInfo.InvariantCulture)),
            ("autocomplete", "off"),
            ("aria-describedby", DescribedBy(MaxLength is null ? null : $"{Id}-info")));

        // The parser drops one newline after the start tag; without this one the person's own would be lost.
        area.InnerHtml.Append("\n" + Value);
        WriteGroup(output, LabelTag(), HintTag(), ErrorTag(), area);
        if (MaxLength is { } limit)
        {
            Count(output, limit);
        }
    }

    private void Count(TagHelperOutput output, int limit)
    {
        output.Attributes.SetAttribute("class", output.Attributes["class"].Value + " govuk-character-count");
        output.Attributes.SetAttribute("data-module", "govuk-character-count");
        output.Attributes.SetAttribute("data-maxlength", limit.ToString(CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("data-i18n.characters-under-limit.one", Texts["count.under_one"].Value);
        output.Attributes.SetAttribute("data-i18n.characters-under-limit.other", Texts["count.under_other"].Value);
        output.Attributes.SetAttribute("data-i18n.characters-at-limit", Texts["count.at"].Value);
        output.Attributes.SetAttribute("data-i18n.characters-over-limit.one", Texts["count.over_one"].Value);
        output.Attributes.SetAttribute("data-i18n.characters-over-limit.other", Texts["count.over_other"].Value);
        var info = Tag("div", "govuk-hint govuk-character-count__message", ("id", $"{Id}-info"));
        info.InnerHtml.Append(Texts["count.limit", limit.ToString("N0", CultureInfo.CurrentCulture)]);
        output.Content.AppendHtml(info);
    }
}
