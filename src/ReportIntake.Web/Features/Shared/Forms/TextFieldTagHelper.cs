using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary><c>&lt;text-field for="Email" label="…" type="email"&gt;</c>: one line of text.</summary>
[HtmlTargetElement("text-field")]
public sealed class TextFieldTagHelper(IStringLocalizer<SharedTexts> texts) : FieldTagHelper(texts)
{
    public string Type { get; set; } = "text";

    public string? InputMode { get; set; }

    /// <summary><c>off</c> unless told: a borrowed phone must not offer what was typed to its owner.</summary>
    public string AutoComplete { get; set; } = "off";

    public int? MaxLength { get; set; }

    /// <summary>Width in characters: 2, 3, 4, 5, 10, 20, 30; null for the whole line.</summary>
    public int? Width { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var input = Tag(
            "input",
            WithError("govuk-input") + (Width is null ? "" : string.Create(CultureInfo.InvariantCulture, $" govuk-input--width-{Width}")),
            ("id", Id),
            ("name", Name),
            ("type", Type),
            ("value", Type == "password" ? null : Value),
            ("inputmode", InputMode),
            ("autocomplete", AutoComplete),
            ("maxlength", MaxLength?.ToString(CultureInfo.InvariantCulture)),
            ("spellcheck", "false"),
            ("aria-describedby", DescribedBy()));
        WriteGroup(output, LabelTag(), HintTag(), ErrorTag(), input);
    }
}
