using System.IO.Compression;
using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace ReportIntake.Web.Tests.Shared;

public sealed class PagesTests(PagesHost host) : IClassFixture<PagesHost>
{
    public static TheoryData<string, string, string> Addresses => new()
    {
        { "/", "id", "/en" },
        { "/en", "en", "/" },
        { "/bantuan", "id", "/en/help" },
        { "/en/help", "en", "/bantuan" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Page_InItsLanguage_LinksTheSamePageInTheOther(string path, string language, string counterpart)
    {
        using var page = await GetAsync(path);

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(counterpart, page.QuerySelector("a[hreflang]")?.GetAttribute("href"));
        Assert.DoesNotContain(page.QuerySelectorAll("a[href^='/']"), a => !a.HasAttribute("hreflang") && a.GetAttribute("href")!.StartsWith("/en", StringComparison.Ordinal) != (language == "en"));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Page_Always_OffersHelpAndAWayOutWithoutScripts(string path, string language, string counterpart)
    {
        _ = (language, counterpart);
        using var page = await GetAsync(path);

        Assert.All(["tel:110", "tel:129", "tel:112"], number => Assert.NotNull(page.QuerySelector($".ri-emergency a[href='{number}']")));
        Assert.StartsWith("https://", page.QuerySelector("a.govuk-exit-this-page__button")?.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("meta[name=robots]"));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Page_Always_RunsNothingInlineAndLoadsNothingFromElsewhere(string path, string language, string counterpart)
    {
        _ = (language, counterpart);
        using var page = await GetAsync(path);

        Assert.Empty(page.QuerySelectorAll("script:not([src]), style, [style], base"));
        Assert.DoesNotContain(page.All.SelectMany(e => e.Attributes), a => a.Name.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.QuerySelectorAll("script[src], link[rel=stylesheet], link[rel=icon], img"), e => Assert.StartsWith("/assets/", e.GetAttribute("src") ?? e.GetAttribute("href"), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Page_WithoutScripts_StaysSmall(string path, string language, string counterpart)
    {
        _ = (language, counterpart);
        using var page = await GetAsync(path);
        var html = await host.Client.GetByteArrayAsync(path);
        var assets = 0;
        foreach (var address in page.QuerySelectorAll("link[rel=stylesheet], link[rel=icon]").Select(e => e.GetAttribute("href")))
        {
            // Published assets are served as compressed at build time; run from the sources they are not.
            using var compressed = new MemoryStream();
            await using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                gzip.Write(await host.Client.GetByteArrayAsync(address));
            }

            assets += (int)compressed.Length;
        }

        Assert.InRange(html.Length + assets, 1, 45 * 1024);
    }

    [Fact]
    public async Task Asset_ByItsFingerprint_IsKeptForEver()
    {
        using var page = await GetAsync("/");
        using var answer = await host.Client.GetAsync(page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/css", answer.Content.Headers.ContentType?.MediaType);
        Assert.Matches(@"citizen\.[a-z0-9]+\.css$", answer.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task StaffLanguage_WithoutAntiforgeryToken_IsRefused()
    {
        using var form = new FormUrlEncodedContent([new("language", "en")]);
        using var answer = await host.Client.PostAsync("/staff/language", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<IHtmlDocument> GetAsync(string path)
    {
        using var answer = await host.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
    }
}
