using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;

namespace ReportIntake.Web.Features.Shared.Forms;

/// <summary>
/// <c>&lt;error-summary /&gt;</c> at the top of a form: every error of ModelState, each a link to its field. Errors under
/// the empty key belong to no field and are plain text. The order is that in which the page's model declares its
/// members, which is to be that of the fields. Nothing at all is written when there are none.
/// </summary>
[HtmlTargetElement("error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper(IStringLocalizer<SharedTexts> texts) : TagHelper
{
    [ViewContext]
    [HtmlAttributeNotBound]
    [NotNull]
    public ViewContext? ViewContext { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var errors = ViewContext.ModelState
            .SelectMany(entry => entry.Value?.Errors.Select(error => (Field: entry.Key, error.ErrorMessage)) ?? [])
            .OrderBy(error => Place(error.Field), StringComparer.Ordinal)
            .ToList();
        if (errors.Count == 0)
        {
            output.SuppressOutput();
            return;
        }

        var list = new TagBuilder("ul");
        list.AddCssClass("govuk-error-summary__list");
        list.AddCssClass("govuk-list");
        foreach (var (field, message) in errors)
        {
            var item = new TagBuilder("li");
            var text = new TagBuilder(field.Length > 0 ? "a" : "span");
            if (field.Length > 0)
            {
                text.Attributes["href"] = "#" + FieldTagHelper.IdOf(field);
            }

            text.InnerHtml.Append(message);
            item.InnerHtml.AppendHtml(text);
            list.InnerHtml.AppendHtml(item);
        }

        var title = new TagBuilder("h2");
        title.AddCssClass("govuk-error-summary__title");
        title.InnerHtml.Append(texts["error.summary_title"]);
        var body = new TagBuilder("div");
        body.AddCssClass("govuk-error-summary__body");
        body.InnerHtml.AppendHtml(list);

        // The alert is a child of what the script focuses, or some readers announce it twice or not at all.
        var alert = new TagBuilder("div");
        alert.Attributes["role"] = "alert";
        alert.InnerHtml.AppendHtml(title).AppendHtml(body);
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "govuk-error-summary");
        output.Attributes.SetAttribute("data-module", "govuk-error-summary");
        output.Content.SetHtmlContent(alert);
    }

    /// <summary>Where the model declares the member, such as <c>0002.0010</c>; what it does not know comes first.</summary>
    private string Place(string field)
    {
        var metadata = ViewContext.ViewData.ModelMetadata;
        var place = "";
        foreach (var member in field.Split('.', '['))
        {
            var index = metadata.Properties.ToList().FindIndex(p => p.PropertyName == member);
            if (index < 0)
            {
                break;
            }

            place += string.Create(CultureInfo.InvariantCulture, $"{index:D4}.");
            metadata = metadata.Properties[index];
        }

        return place;
    }
}
