using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.ErrorHandling;

/// <summary>A bug in a route: the caller learns a code and a trace id, and nothing of what went wrong.</summary>
public sealed class BugTests(BugTests.BrokenHost host) : IClassFixture<BugTests.BrokenHost>
{
    private const string Secret = "sentence-of-an-exception";

    [Fact]
    public async Task Api_RouteThrows_CodeAndTraceIdOnly()
    {
        using var client = host.Client();

        using var answer = await client.GetAsync("/api/v1/broken");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var problem = await answer.ProblemAsync();
        Assert.Equal("internal_error", problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Leaks(await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/broken")]
    [InlineData("/staff/broken")]
    public async Task Page_Throws_NothingOfIt(string path)
    {
        using var client = host.Client();

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Leaks(await answer.Content.ReadAsStringAsync());
    }

    private static void Leaks(string body)
    {
        Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
    }

    public sealed class BrokenHost : IntakeHost
    {
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
                    if (context.Request.Path.Value!.EndsWith("/broken", StringComparison.Ordinal))
                    {
                        var open = new EndpointMetadataCollection(new Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute());
                        context.SetEndpoint(new Endpoint(_ => throw new InvalidOperationException(Secret), open, "broken"));
                    }

                    return after(context);
                });
                next(app);
            };
        }
    }
}
