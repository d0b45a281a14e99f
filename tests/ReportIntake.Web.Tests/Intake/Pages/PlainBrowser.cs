using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace ReportIntake.Web.Tests.Intake.Pages;

/// <summary>A browser without scripts: it follows what the page says, fills fields, presses buttons and keeps cookies.</summary>
public sealed class PlainBrowser(Uri address) : IDisposable
{
    private readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    public IHtmlDocument Page { get; private set; } = new HtmlParser().ParseDocument("");

    public HttpResponseMessage Answer { get; private set; } = new();

    public string Text => Page.QuerySelector("main")!.TextContent;

    public string? Title => Page.QuerySelector("h1")?.TextContent;

    /// <summary>Error of the page as the summary tells them.</summary>
    public IReadOnlyList<string> Errors => [.. Page.QuerySelectorAll(".govuk-error-summary__list li").Select(e => e.TextContent)];

    /// <summary>Addresses that were asked for, and every header that came back.</summary>
    public List<string> Trail { get; } = [];

    public async Task OpenAsync(string path) => await ReadAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public void Fill(string name, string value)
    {
        switch (Page.QuerySelectorAll($"main [name='{name}']").First(e => e.GetAttribute("type") is not "radio" || e.GetAttribute("value") == value))
        {
            case IHtmlInputElement { Type: "radio" or "checkbox" } choice:
                foreach (var other in Page.QuerySelectorAll<IHtmlInputElement>($"[name='{name}'][type=radio]"))
                {
                    other.IsChecked = false;
                }

                choice.IsChecked = true;
                break;
            case IHtmlInputElement input:
                input.Value = value;
                break;
            case IHtmlTextAreaElement area:
                area.Value = value;
                break;
            case IHtmlSelectElement select:
                select.Value = value;
                break;
        }
    }

    /// <summary>Presses the button of this value in the main part, or the form's only one.</summary>
    public async Task PressAsync(string? value, params (string Name, string Type, byte[] Content)[] files)
    {
        var button = Page.QuerySelectorAll<IHtmlButtonElement>("main button[type=submit]").First(b => value is null || b.GetAttribute("value") == value);
        var form = button.HasAttribute("form") ? (IHtmlFormElement)Page.GetElementById(button.GetAttribute("form")!)! : button.Form!;
        await ReadAsync(Request(form, button, files));
    }

    /// <summary>The form's post as a browser would send it, in the order of the page.</summary>
    public HttpRequestMessage Request(IHtmlFormElement form, IHtmlButtonElement button, params (string Name, string Type, byte[] Content)[] files)
    {
        var fields = new List<(string Name, string Value, bool IsFile)>();
        foreach (var element in Page.All.Where(e => e is IHtmlInputElement { IsDisabled: false } or IHtmlTextAreaElement or IHtmlSelectElement || e == button))
        {
            var (name, owner) = (element.GetAttribute("name"), element switch { IHtmlInputElement i => i.Form, IHtmlTextAreaElement t => t.Form, IHtmlSelectElement s => s.Form, _ => form });
            if (owner != form || string.IsNullOrEmpty(name))
            {
                continue;
            }

            switch (element)
            {
                case IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false }:
                    break;
                case IHtmlInputElement { Type: "file" }:
                    fields.Add((name, "", true));
                    break;
                case IHtmlInputElement input:
                    fields.Add((name, input.Value, false));
                    break;
                case IHtmlTextAreaElement area:
                    fields.Add((name, area.Value, false));
                    break;
                case IHtmlSelectElement select:
                    fields.Add((name, select.Value ?? "", false));
                    break;
                default:
                    fields.Add((name, element.GetAttribute("value") ?? "", false));
                    break;
            }
        }

        var target = button.GetAttribute("formaction") ?? form.GetAttribute("action");
        var request = new HttpRequestMessage(HttpMethod.Post, target);
        if (form.GetAttribute("enctype") != "multipart/form-data")
        {
            request.Content = new FormUrlEncodedContent(fields.Where(f => !f.IsFile).Select(f => KeyValuePair.Create(f.Name, f.Value)));
            return request;
        }

        var parts = new MultipartFormDataContent();
        foreach (var (name, value, isFile) in fields)
        {
            if (!isFile)
            {
                parts.Add(new StringContent(value), name);
            }
            else if (files.Length == 0)
            {
                parts.Add(Part([], "application/octet-stream", name, ""));
            }
            else
            {
                foreach (var file in files)
                {
                    parts.Add(Part(file.Content, file.Type, name, file.Name));
                }
            }
        }

        request.Content = parts;
        return request;
    }

    public async Task ReadAsync(HttpRequestMessage request)
    {
        Answer = await http.SendAsync(request);
        Trail.Add(request.RequestUri!.ToString());
        Trail.AddRange(Answer.Headers.Concat(Answer.Content.Headers).Select(h => $"{h.Key}: {string.Join(' ', h.Value)}"));
        if (Answer.Content.Headers.ContentType?.MediaType == "text/html")
        {
            Page = new HtmlParser().ParseDocument(await Answer.Content.ReadAsStringAsync());
        }
    }

    public void Dispose()
    {
        Answer.Dispose();
        Page.Dispose();
        http.Dispose();
    }

    private static ByteArrayContent Part(byte[] content, string type, string field, string name)
    {
        var part = new ByteArrayContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue(type);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{field}\"; filename=\"{name}\"");
        return part;
    }
}
