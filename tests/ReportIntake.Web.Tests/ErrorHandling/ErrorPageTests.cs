using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.ErrorHandling;

/// <summary>What a person sees when a page cannot be given: in their language, with a way on and the emergency numbers.</summary>
public sealed class ErrorPageTests(ErrorPageTests.FailingHost host) : IClassFixture<ErrorPageTests.FailingHost>
{
    private const int DiskFull = 28;

    [Theory]
    [InlineData("/too-large", 413, "id", "Kirimannya terlalu besar")]
    [InlineData("/en/too-large", 413, "en", "That is too much at once")]
    [InlineData("/bug", 500, "id", null)]
    [InlineData("/en/bug", 500, "en", "Something went wrong on our side")]
    [InlineData("/busy", 503, "id", null)]
    [InlineData("/en/busy", 503, "en", "The service is busy")]
    [InlineData("/full", 507, "id", null)]
    [InlineData("/en/full", 507, "en", "Our storage is full at the moment")]
    public async Task Page_Fails_SaysWhatToDoInTheReadersLanguage(string path, int status, string language, string? title)
    {
        using var client = host.Client();

        using var answer = await client.GetAsync(path);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        using var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        var heading = page.QuerySelector("h1")!.TextContent;
        Assert.DoesNotContain(".title", heading, StringComparison.Ordinal);
        if (title is not null)
        {
            Assert.Equal(title, heading);
        }

        Assert.All(["tel:110", "tel:129", "tel:112"], number => Assert.NotNull(page.QuerySelector($"a[href='{number}']")));
        Assert.NotNull(page.QuerySelector($"main a[href='{(language == "en" ? "/en/report" : "/lapor")}']"));
    }

    [Fact]
    public async Task StaffPage_Fails_LeadsBackToTheQueue()
    {
        using var client = host.Client();

        using var answer = await client.GetAsync("/staff/busy");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStreamAsync());
        Assert.NotNull(page.QuerySelector("main a[href='/staff/queue']"));
    }

    public sealed class FailingHost : IntakeHost
    {
        private static readonly Dictionary<string, Func<Exception>> Failures = new(StringComparer.Ordinal)
        {
            ["too-large"] = () => new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge),
            ["bug"] = () => new InvalidOperationException("a bug"),
            ["busy"] = () => new SqliteException("locked", 5),
            ["full"] = () => new IOException("full", DiskFull),
        };

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IStartupFilter, Filter>());
        }

        /// <summary>Stands routes of its own in before the program's pipeline, which then handles what they throw.</summary>
        private sealed class Filter : IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
            {
                app.Use((context, after) =>
                {
                    if (Failures.TryGetValue(context.Request.Path.Value!.Split('/')[^1], out var failure))
                    {
                        context.SetEndpoint(new Endpoint(_ => throw failure(), new EndpointMetadataCollection(new AllowAnonymousAttribute()), "failing"));
                    }

                    return after(context);
                });
                next(app);
            };
        }
    }
}
