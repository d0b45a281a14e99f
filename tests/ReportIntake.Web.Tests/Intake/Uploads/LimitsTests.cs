using System.Globalization;
using System.Net;
using System.Text.Json;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>Every place that tells a limit before the first byte tells the configured one.</summary>
public sealed class LimitsTests(LimitsTests.Host host) : IClassFixture<LimitsTests.Host>
{
    public sealed class Host : IntakeHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
        {
            ["Evidence:MaxFileSize"] = "7340032",
            ["Evidence:MaxFilesPerReport"] = "3",
        };
    }

    [Fact]
    public async Task Options_TellTheSizeInBothProtocols()
    {
        using var response = await new TusClient(host).SendAsync("OPTIONS", TusClient.Root);

        Assert.Equal(("7340032", "max-size=7340032"), (TusClient.Header(response, "Tus-Max-Size"), TusClient.Header(response, "Upload-Limit")));
    }

    [Fact]
    public async Task Catalogue_TellsSizeAndCount()
    {
        using var http = host.Client();
        using var catalogue = JsonDocument.Parse(await http.GetStringAsync("/api/v1/catalogue"));
        var limits = catalogue.RootElement.GetProperty("limits");

        Assert.Equal((7_340_032, 3), (limits.GetProperty("fileMaxSize").GetInt32(), limits.GetProperty("filesPerReport").GetInt32()));
    }

    [Theory]
    [InlineData("/lapor", "Paling besar 7 MB tiap berkas, paling banyak 3 berkas", "Paling banyak 3 berkas untuk satu laporan.")]
    [InlineData("/en/report", "7 MB", "3 files")]
    public async Task Form_TellsSizeAndCountInItsLanguage(string path, string hint, string tooMany)
    {
        using var browser = new Pages.PlainBrowser(host.Address);
        await browser.OpenAsync(path);
        browser.Fill("What.Category", "child_abuse_material");
        for (var step = 0; step < 6 && browser.Page.QuerySelector("input[type=file]") is null; step++)
        {
            await browser.PressAsync("next");
            if (browser.Page.QuerySelector("[name='Tell.Description']") is not null)
            {
                browser.Fill("Tell.Description", "Ada akun yang menawarkan anak.");
            }
        }

        var field = browser.Page.QuerySelector("[data-uploads]")!;
        Assert.Equal(("7340032", "3"), (field.GetAttribute("data-max-bytes"), field.GetAttribute("data-max-files")));
        Assert.Contains(hint, field.TextContent, StringComparison.Ordinal);
        Assert.Contains(tooMany, field.GetAttribute("data-text-many"), StringComparison.Ordinal);
        Assert.Contains("7 MB", field.GetAttribute("data-text-large"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_OneByteMore_IsRefusedInBothProtocols()
    {
        using var http = host.Client();
        foreach (var draft in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, TusClient.Root);
            request.Headers.Add(draft ? "Upload-Draft-Interop-Version" : "Tus-Resumable", draft ? "8" : "1.0.0");
            request.Headers.Add("Upload-Complete", "?0");
            request.Headers.Add("Upload-Length", 7_340_033.ToString(CultureInfo.InvariantCulture));

            using var response = await http.SendAsync(request);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal("file_too_large", await TusClient.CodeAsync(response));
        }
    }
}
