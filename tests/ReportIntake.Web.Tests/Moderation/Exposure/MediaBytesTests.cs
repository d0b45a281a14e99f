using System.Collections.Concurrent;
using System.Security.Cryptography;
using AngleSharp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation.Exposure;

/// <summary>
/// The byte log: what the program sends is counted as it leaves. Nobody is sent a byte of media who has not asked for
/// it, and nobody at all a byte of a known file.
/// </summary>
public sealed class MediaBytesTests
{
    private static readonly string[] Copies = ["/thumbnail", "/contact-sheet", "/working-copy", "/original"];

    [Fact]
    public async Task Desk_WithoutReveal_SendsNoByteOfMedia()
    {
        await using var host = new LoggedHost();
        var (mark, known) = (RandomNumberGenerator.GetBytes(5000), RandomNumberGenerator.GetBytes(5000));
        var report = await host.AddAsync(handle: "counted");
        var file = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(9000), mark);
        var knownFile = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(9000), known);
        await KnowAsync(host, knownFile.Id);
        using var browser = await host.StaffBrowserAsync(StaffRoles.Moderator);
        using var tool = await host.StaffClientAsync(StaffRoles.Moderator);

        // All that can be done without revealing: pages with all they load, claim, notes, metadata, refused known files.
        await LoadAsync(browser, "/staff/queue");
        await tool.DoAsync(report.Id, "claim");
        await LoadAsync(browser, $"/staff/reports/{report.Id}");
        await LoadAsync(browser, $"/staff/reports/{report.Id}/evidence/{file.Id}");
        await LoadAsync(browser, $"/staff/reports/{report.Id}/evidence/{knownFile.Id}");
        await LoadAsync(browser, $"/staff/reports/{report.Id}/evidence/{knownFile.Id}?show=working_copy");
        await LoadAsync(browser, "/staff/account/viewing");
        await tool.ReadAsync(report.Id);
        await tool.DoAsync(report.Id, "notes", new { text = "Seen nothing." });
        foreach (var item in new[] { file, knownFile })
        {
            using var metadata = await tool.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{item.Id}/metadata");
        }

        foreach (var copy in Copies[..3])
        {
            using var refused = await tool.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{knownFile.Id}{copy}");
        }

        Assert.Equal(0, host.MediaBytes);
        Assert.DoesNotContain(host.Sent, s => Holds(s.Body, mark) || Holds(s.Body, known));
        Assert.False(await host.WithDatabaseAsync(d => d.Ledger.AnyAsync(e => e.Action.EndsWith("_viewed"))));

        // And the log does see bytes, once they are asked for.
        await LoadAsync(browser, $"/staff/reports/{report.Id}/evidence/{file.Id}?show=thumbnail");
        Assert.Equal(mark.Length, host.MediaBytes);
    }

    /// <summary>Opens a page and loads what it names, as a browser would: pictures, videos, posters, styles, scripts, icons.</summary>
    private static async Task LoadAsync(HttpClient browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode}");
        var html = await answer.Content.ReadAsStringAsync();
        var page = await BrowsingContext.New(Configuration.Default).OpenAsync(r => r.Content(html));
        var named = page.QuerySelectorAll("img, video, source, script, iframe, embed, object, link, input[type=image]")
            .SelectMany(e => new[] { e.GetAttribute("src"), e.GetAttribute("poster"), e.GetAttribute("srcset"), e.GetAttribute("data"), e.GetAttribute("href") })
            .OfType<string>().Where(a => a.StartsWith('/'));
        foreach (var resource in named)
        {
            using var loaded = await browser.GetAsync(resource);
            await loaded.Content.ReadAsByteArrayAsync();
        }
    }

    private static bool Holds(byte[] body, byte[] mark) => body.AsSpan().IndexOf(mark.AsSpan(0, 64)) >= 0;

    private static async Task KnowAsync(ModerationHost host, Guid evidence)
    {
        var now = TimeProvider.System.GetUtcNow();
        var list = new HashList { Id = Guid.CreateVersion7(), Name = $"List {Guid.NewGuid()}", Meaning = HashListMeaning.KnownAbuseMaterial, Source = "Test", CreatedAt = now };
        await host.WithDatabaseAsync(d =>
        {
            d.Add(list);
            d.Add(new MatchRecord
            {
                Id = Guid.CreateVersion7(),
                EvidenceId = evidence,
                EntryId = Guid.CreateVersion7(),
                HashListId = list.Id,
                Meaning = list.Meaning,
                Kind = HashKind.Sha256,
                Distance = 0,
                Suppressed = false,
                At = now,
            });
            return d.SaveChangesAsync();
        });
    }

    /// <summary>Keeps a copy of every answer that leaves the program.</summary>
    private sealed class LoggedHost : ModerationHost
    {
        public ConcurrentBag<(string Path, byte[] Body, int Status)> Sent { get; } = [];

        /// <summary>Bytes of the media routes' successful answers.</summary>
        public long MediaBytes => Sent.Where(s => s.Status < 400 && Copies.Any(c => s.Path.EndsWith(c, StringComparison.Ordinal))).Sum(s => (long)s.Body.Length);

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new Log(Sent)));
        }

        private sealed class Log(ConcurrentBag<(string Path, byte[] Body, int Status)> sent) : IStartupFilter
        {
            public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
            {
                app.Use(async (context, step) =>
                {
                    var wire = context.Response.Body;
                    using var copy = new MemoryStream();
                    context.Response.Body = copy;
                    try
                    {
                        await step(context);
                    }
                    finally
                    {
                        context.Response.Body = wire;
                    }

                    sent.Add((context.Request.Path, copy.ToArray(), context.Response.StatusCode));
                    await wire.WriteAsync(copy.ToArray(), context.RequestAborted);
                });
                next(app);
            };
        }
    }
}
