using System.Globalization;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>The pages as a browser without scripts walks them: forms posted with all their hidden fields.</summary>
internal static class PageWalk
{
    /// <summary>The status that a page was answered with, where a form was refused.</summary>
    public static string? Status(this IDocument page) => page.Body!.GetAttribute("data-status");

    public static async Task<IDocument> OpenAsync(HttpClient browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode}");
        return await ParseAsync(answer, address);
    }

    /// <summary>Presses the button of a page's handler, after changing fields of its form, and follows where it leads.</summary>
    public static Task<IDocument> SubmitAsync(HttpClient browser, IDocument page, string handler, params (string Name, string Value)[] changes) =>
        SubmitAsync(browser, page, handler, page.QuerySelectorAll("main form").Single(f => ActionOf(f, handler) is not null), changes);

    public static async Task<IDocument> SubmitAsync(HttpClient browser, IDocument page, string handler, IElement form, params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>();
        foreach (var field in form.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            switch (field)
            {
                case IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false }:
                    break;
                case IHtmlInputElement input:
                    fields[input.Name!] = input.Value;
                    break;
                case IHtmlTextAreaElement area:
                    fields[area.Name!] = area.Value;
                    break;
                case IHtmlSelectElement select:
                    fields[select.Name!] = select.Value ?? "";
                    break;
            }
        }

        foreach (var (name, value) in changes)
        {
            Assert.True(form.QuerySelector($"[name='{name}']") is not null, $"The form has no {name}.");
            fields[name] = value;
        }

        using var content = new FormUrlEncodedContent(fields);
        using var answer = await browser.PostAsync(ActionOf(form, handler), content);
        if (answer.Headers.Location is { } location)
        {
            return await OpenAsync(browser, location.ToString());
        }

        var shown = await ParseAsync(answer, new Uri(page.Url).PathAndQuery);
        Assert.True((int)answer.StatusCode < 400 || shown.QuerySelector(".govuk-error-summary") is not null, string.Create(CultureInfo.InvariantCulture, $"{handler}: {(int)answer.StatusCode}"));
        shown.Body!.SetAttribute("data-status", ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        return shown;
    }

    private static string? ActionOf(IElement form, string handler) =>
        form.QuerySelectorAll("button").Select(b => b.GetAttribute("formaction")).Append(form.GetAttribute("action"))
            .FirstOrDefault(a => a?.Contains("handler=" + handler, StringComparison.Ordinal) is true);

    private static async Task<IDocument> ParseAsync(HttpResponseMessage answer, string address)
    {
        var html = await answer.Content.ReadAsStringAsync();
        return await BrowsingContext.New(Configuration.Default).OpenAsync(r => r.Content(html).Address("http://localhost" + address));
    }
}
