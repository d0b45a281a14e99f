using System.Globalization;
using System.Text.Encodings.Web;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Forms;

namespace ReportIntake.Web.Tests.Shared.Forms;

public sealed class FieldTagHelpersTests
{
    private static readonly IStringLocalizer<SharedTexts> Texts = new StringLocalizer<SharedTexts>(
        new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance));

    private static readonly Choice[] Options2 = [new("a", "A", "about A"), new("b", "B")];

    private readonly EmptyModelMetadataProvider metadata = new();
    private readonly ViewContext view;

    public FieldTagHelpersTests()
    {
        var data = new ViewDataDictionary<Form>(metadata, new ModelStateDictionary()) { Model = new Form { Kind = "b", Text = "<script>" } };
        view = new ViewContext { ViewData = data, HttpContext = new DefaultHttpContext() };
    }

    public static TheoryData<string> Kinds => ["text", "area", "radios", "checkboxes", "select", "file", "date"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Field_WithHintAndError_IsDescribedByBoth(string kind)
    {
        using var html = Render(kind, "wrong & bad");

        var described = html.QuerySelectorAll("[aria-describedby]");
        Assert.NotEmpty(described);
        Assert.All(described.SelectMany(e => e.GetAttribute("aria-describedby")!.Split(' ')), id => Assert.NotNull(html.GetElementById(id)));
        Assert.Contains("-hint", described[0].GetAttribute("aria-describedby"), StringComparison.Ordinal);
        Assert.Contains("wrong & bad", html.QuerySelector(".govuk-error-message")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(html.QuerySelector(".govuk-form-group--error"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Field_Always_LabelsEveryInput(string kind)
    {
        using var html = Render(kind, null);

        var inputs = html.QuerySelectorAll("input, textarea, select");
        Assert.NotEmpty(inputs);
        Assert.All(inputs, input => Assert.NotNull(html.QuerySelector($"label[for='{input.Id}']")));
        Assert.Equal(inputs.Length, inputs.Select(i => i.Id).Distinct().Count());
        Assert.Empty(html.QuerySelectorAll("script, .govuk-form-group--error"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ErrorSummary_OfAnyField_LeadsToAnInput(string kind)
    {
        using var field = Render(kind, "wrong");
        using var summary = Parse(new ErrorSummaryTagHelper(Texts) { ViewContext = view });

        var target = summary.QuerySelector("a")!.GetAttribute("href")!;
        Assert.Contains(field.GetElementById(target[1..])!.LocalName, (string[])["input", "textarea", "select"]);
    }

    [Fact]
    public void ErrorSummary_OfSeveralErrors_KeepsTheOrderOfTheModel()
    {
        view.ModelState.AddModelError(nameof(Form.When), "third");
        view.ModelState.AddModelError(nameof(Form.Text), "second");
        view.ModelState.AddModelError("", "first <b>");

        using var summary = Parse(new ErrorSummaryTagHelper(Texts) { ViewContext = view });

        Assert.Equal(["first <b>", "second", "third"], summary.QuerySelectorAll("li").Select(li => li.TextContent));
    }

    [Fact]
    public void ErrorSummary_WithoutErrors_WritesNothing()
    {
        using var summary = Parse(new ErrorSummaryTagHelper(Texts) { ViewContext = view });

        Assert.Empty(summary.Body!.Children);
    }

    [Fact]
    public void TextArea_ThatBeginsWithALine_KeepsIt()
    {
        view.ModelState.SetModelValue(nameof(Form.Text), "\nhello", "\nhello");

        using var html = Render("area", null);

        Assert.Equal("\nhello", html.QuerySelector("textarea")!.TextContent);
    }

    private IHtmlDocument Render(string kind, string? error)
    {
        FieldTagHelper field = kind switch
        {
            "text" => new TextFieldTagHelper(Texts) { For = For(nameof(Form.Text)), Label = "L" },
            "area" => new TextAreaFieldTagHelper(Texts) { For = For(nameof(Form.Text)), Label = "L", MaxLength = 100 },
            "radios" => new RadiosFieldTagHelper(Texts) { For = For(nameof(Form.Kind)), Label = "L", Options = Options2 },
            "checkboxes" => new CheckboxesFieldTagHelper(Texts) { For = For(nameof(Form.Many)), Label = "L", Options = Options2 },
            "select" => new SelectFieldTagHelper(Texts) { For = For(nameof(Form.Kind)), Label = "L", Options = Options2 },
            "file" => new FileFieldTagHelper(Texts) { For = For(nameof(Form.Text)), Label = "L" },
            _ => new DateTimeFieldTagHelper(Texts) { For = For(nameof(Form.When)), Label = "L" },
        };
        (field.ViewContext, field.Hint) = (view, "a hint");
        if (error is not null)
        {
            view.ModelState.AddModelError(field.For.Name, error);
        }

        return Parse(field);
    }

    private ModelExpression For(string member)
    {
        var explorer = view.ViewData.ModelExplorer.GetExplorerForProperty(member);
        return new ModelExpression(member, explorer);
    }

    private static IHtmlDocument Parse(TagHelper helper)
    {
        var output = new TagHelperOutput("x", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));
        helper.Process(new TagHelperContext([], new Dictionary<object, object>(), "1"), output);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        ((IHtmlContent)output).WriteTo(writer, HtmlEncoder.Default);
        return new HtmlParser().ParseDocument(writer.ToString());
    }

    public sealed class Form
    {
        public string? Text { get; set; }

        public string? Kind { get; set; }

        public string[] Many { get; set; } = ["a"];

        public DateTimeInput When { get; set; } = new();
    }
}
