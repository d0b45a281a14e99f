using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary><c>&lt;date-time-field for="OccurredAt" label="…"&gt;</c> for a <see cref="DateTimeInput"/>. Errors belong to the whole, under the field's own name.</summary>
[HtmlTargetElement("date-time-field")]
public sealed class DateTimeFieldTagHelper(IStringLocalizer<SharedTexts> texts) : FieldTagHelper(texts)
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var model = For.Model as DateTimeInput ?? new DateTimeInput();
        var row = Tag("div", "govuk-date-input");

        // The day has the field's own id: that is where the error summary leads.
        row.InnerHtml
            .AppendHtml(Part(nameof(DateTimeInput.Day), model.Day, "date.day", 2, Id, "numeric"))
            .AppendHtml(Part(nameof(DateTimeInput.Month), model.Month, "date.month", 2, $"{Id}-month", "numeric"))
            .AppendHtml(Part(nameof(DateTimeInput.Year), model.Year, "date.year", 4, $"{Id}-year", "numeric"))
            .AppendHtml(Part(nameof(DateTimeInput.Time), model.Time, "date.time", 5, $"{Id}-time", null));
        WriteGroup(output, Fieldset(row, role: "group"));
    }

    private TagBuilder Part(string member, string? value, string label, int width, string id, string? inputMode)
    {
        var item = Tag("div", "govuk-date-input__item");
        var group = Tag("div", "govuk-form-group");
        var caption = Tag("label", "govuk-label govuk-date-input__label", ("for", id));
        caption.InnerHtml.Append(Texts[label]);
        group.InnerHtml.AppendHtml(caption).AppendHtml(Tag(
            "input",
            WithError("govuk-input") + string.Create(CultureInfo.InvariantCulture, $" govuk-date-input__input govuk-input--width-{width}"),
            ("id", id),
            ("name", $"{Name}.{member}"),
            ("type", "text"),
            ("value", value),
            ("inputmode", inputMode),
            ("autocomplete", "off")));
        item.InnerHtml.AppendHtml(group);
        return item;
    }
}
