using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>
/// A labelled form field with hint and error in govuk-frontend's markup. Whoever uses a screen reader hears all
/// three with the field: ids and <c>aria-describedby</c> come from here and cannot be forgotten. Errors are those of
/// the page's ModelState; attributes that are not named here go to the surrounding form group. Forms are
/// <c>novalidate</c>, so that a refusal is told in our words and language, not in the browser's.
/// </summary>
public abstract class FieldTagHelper(IStringLocalizer<SharedTexts> texts) : TagHelper
{
    public required ModelExpression For { get; set; }

    /// <summary>The label, or the legend of a group of inputs. Already in the reader's language.</summary>
    public required string Label { get; set; }

    public string? Hint { get; set; }

    /// <summary>Size of the label: <c>s</c>, <c>m</c>, <c>l</c>; null for running text.</summary>
    public string? LabelSize { get; set; }

    /// <summary>Says beside the label that the field may stay empty.</summary>
    public bool Optional { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    [NotNull]
    public ViewContext? ViewContext { get; set; }

    protected IStringLocalizer<SharedTexts> Texts => texts;

    protected string Name => ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);

    /// <summary>Also what the error summary links to: see <see cref="ErrorSummaryTagHelper"/>.</summary>
    protected string Id => IdOf(Name);

    /// <summary>First error of the field; null when it has none.</summary>
    protected string? Error => ViewContext.ModelState.TryGetValue(Name, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;

    /// <summary>What the person typed, even where it could not be bound; else the model's value.</summary>
    protected string? Value =>
        (ViewContext.ModelState.TryGetValue(Name, out var entry) ? entry.AttemptedValue : null)
        ?? Convert.ToString(For.Model, CultureInfo.InvariantCulture);

    public static string IdOf(string name) => TagBuilder.CreateSanitizedId(name, "_");

    /// <summary>Makes the form group around <paramref name="parts"/>.</summary>
    protected void WriteGroup(TagHelperOutput output, params IHtmlContent?[] parts)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        var own = output.Attributes["class"]?.Value;
        output.Attributes.SetAttribute("class", string.Join(' ', new[] { "govuk-form-group", Error is null ? null : "govuk-form-group--error", own?.ToString() }.Where(c => c is not null)));
        foreach (var part in parts.OfType<IHtmlContent>())
        {
            output.Content.AppendHtml(part);
        }
    }

    /// <summary>A fieldset with its legend, described by the hint and the error, which it holds.</summary>
    protected TagBuilder Fieldset(IHtmlContent inputs, string? role = null)
    {
        var fieldset = Tag("fieldset", "govuk-fieldset", ("aria-describedby", DescribedBy()), ("role", role));
        var legend = Tag("legend", "govuk-fieldset__legend" + Sized("govuk-fieldset__legend"));
        legend.InnerHtml.Append(LabelText);
        fieldset.InnerHtml.AppendHtml(legend);
        foreach (var part in new[] { HintTag(), ErrorTag(), inputs }.OfType<IHtmlContent>())
        {
            fieldset.InnerHtml.AppendHtml(part);
        }

        return fieldset;
    }

    protected TagBuilder LabelTag()
    {
        var label = Tag("label", "govuk-label" + Sized("govuk-label"), ("for", Id));
        label.InnerHtml.Append(LabelText);
        return label;
    }

    protected TagBuilder? HintTag()
    {
        if (Hint is null)
        {
            return null;
        }

        var hint = Tag("div", "govuk-hint", ("id", $"{Id}-hint"));
        hint.InnerHtml.Append(Hint);
        return hint;
    }

    protected TagBuilder? ErrorTag()
    {
        if (Error is null)
        {
            return null;
        }

        var prefix = Tag("span", "govuk-visually-hidden");
        prefix.InnerHtml.Append(Texts["error.prefix"]);
        var error = Tag("p", "govuk-error-message", ("id", $"{Id}-error"));
        error.InnerHtml.AppendHtml(prefix).Append(" " + Error);
        return error;
    }

    /// <summary>Ids of hint, error and <paramref name="more"/>, for <c>aria-describedby</c>; null when there are none.</summary>
    protected string? DescribedBy(string? more = null)
    {
        var ids = string.Join(' ', new[] { Hint is null ? null : $"{Id}-hint", Error is null ? null : $"{Id}-error", more }.Where(i => i is not null));
        return ids.Length > 0 ? ids : null;
    }

    /// <summary>An element; attributes whose value is null are left out.</summary>
    protected static TagBuilder Tag(string name, string cssClass, params (string Name, string? Value)[] attributes)
    {
        var tag = new TagBuilder(name) { TagRenderMode = name == "input" ? TagRenderMode.SelfClosing : TagRenderMode.Normal };
        tag.Attributes["class"] = cssClass;
        foreach (var (attribute, value) in attributes.Where(a => a.Value is not null))
        {
            tag.Attributes[attribute] = value;
        }

        return tag;
    }

    /// <summary>The component's class, and its error variant where the field has an error.</summary>
    protected string WithError(string cssClass) => Error is null ? cssClass : $"{cssClass} {cssClass}--error";

    private string LabelText => Optional ? $"{Label} {Texts["form.optional"]}" : Label;

    private string Sized(string block) => LabelSize is null ? "" : $" {block}--{LabelSize}";
}
