using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>What radios and checkboxes share.</summary>
public abstract class ChoiceFieldTagHelper(IStringLocalizer<SharedTexts> texts, string kind) : FieldTagHelper(texts)
{
    public required IEnumerable<Choice> Options { get; set; }

    /// <summary>Rarer options, folded away under <see cref="MoreLabel"/> unless one of them is chosen.</summary>
    public IEnumerable<Choice> MoreOptions { get; set; } = [];

    public string? MoreLabel { get; set; }

    protected abstract bool IsChosen(Choice option);

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var block = kind == "radio" ? "govuk-radios" : "govuk-checkboxes";
        var list = Tag("div", block, ("data-module", block));
        var number = 0;
        foreach (var option in Options)
        {
            // The first has the field's own id: that is where the error summary leads.
            list.InnerHtml.AppendHtml(Item(option, block, ++number == 1 ? Id : string.Create(CultureInfo.InvariantCulture, $"{Id}-{number}")));
        }

        var more = MoreOptions.ToList();
        if (more.Count > 0)
        {
            var text = Tag("span", "govuk-details__summary-text");
            text.InnerHtml.Append(MoreLabel ?? "");
            var summary = Tag("summary", "govuk-details__summary");
            summary.InnerHtml.AppendHtml(text);
            var details = Tag("details", "govuk-details ri-more", ("open", more.Any(IsChosen) ? "open" : null));
            details.InnerHtml.AppendHtml(summary);
            foreach (var option in more)
            {
                details.InnerHtml.AppendHtml(Item(option, block, string.Create(CultureInfo.InvariantCulture, $"{Id}-{++number}")));
            }

            list.InnerHtml.AppendHtml(details);
        }

        WriteGroup(output, Fieldset(list));
    }

    private TagBuilder Item(Choice option, string block, string id)
    {
        var hintId = option.Hint is null ? null : $"{id}-item-hint";
        var item = Tag("div", $"{block}__item");
        item.InnerHtml.AppendHtml(Tag(
            "input",
            $"{block}__input",
            ("id", id),
            ("name", Name),
            ("type", kind),
            ("value", option.Value),
            ("checked", IsChosen(option) ? "checked" : null),
            ("aria-describedby", hintId)));
        var label = Tag("label", $"govuk-label {block}__label", ("for", id));
        label.InnerHtml.Append(option.Text);
        item.InnerHtml.AppendHtml(label);
        if (option.Hint is not null)
        {
            var hint = Tag("div", $"govuk-hint {block}__hint", ("id", hintId));
            hint.InnerHtml.Append(option.Hint);
            item.InnerHtml.AppendHtml(hint);
        }

        return item;
    }
}

/// <summary><c>&lt;radios-field for="Category" label="…" options="Model.Categories"&gt;</c>: one of several.</summary>
[HtmlTargetElement("radios-field")]
public sealed class RadiosFieldTagHelper(IStringLocalizer<SharedTexts> texts) : ChoiceFieldTagHelper(texts, "radio")
{
    protected override bool IsChosen(Choice option) => option.Value == Value;
}

/// <summary><c>&lt;checkboxes-field for="Signs" label="…" options="…"&gt;</c>: any of several; the model is a collection of strings.</summary>
[HtmlTargetElement("checkboxes-field")]
public sealed class CheckboxesFieldTagHelper(IStringLocalizer<SharedTexts> texts) : ChoiceFieldTagHelper(texts, "checkbox")
{
    protected override bool IsChosen(Choice option) => For.Model is IEnumerable<string> chosen && chosen.Contains(option.Value, StringComparer.Ordinal);
}

/// <summary><c>&lt;select-field for="AreaCode" label="…" options="…"&gt;</c>: one of a long list, with an empty first line.</summary>
[HtmlTargetElement("select-field")]
public sealed class SelectFieldTagHelper(IStringLocalizer<SharedTexts> texts) : FieldTagHelper(texts)
{
    public required IEnumerable<Choice> Options { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var select = Tag("select", WithError("govuk-select"), ("id", Id), ("name", Name), ("aria-describedby", DescribedBy()));
        foreach (var choice in Options.Prepend(new Choice("", Texts["form.choose_one"])))
        {
            var option = Tag("option", "", ("value", choice.Value), ("selected", choice.Value == (Value ?? "") ? "selected" : null));
            option.Attributes.Remove("class");
            option.InnerHtml.Append(choice.Text);
            select.InnerHtml.AppendHtml(option);
        }

        WriteGroup(output, LabelTag(), HintTag(), ErrorTag(), select);
    }
}
