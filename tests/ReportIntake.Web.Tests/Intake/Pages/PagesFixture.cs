using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Intake.Pages;

/// <summary>The whole program, shared by tests that do not get into each other's way, with all it logs.</summary>
public sealed class PagesFixture : IntakeHost
{
    public ConcurrentQueue<string> Log { get; } = [];

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["RateLimits:Submit:Burst"] = "1000",
        ["RateLimits:Receipt:Burst"] = "1000",
        ["RateLimits:Uploads:Burst"] = "1000",
        ["Evidence:MaxFileSize"] = "200000",
        ["Evidence:MaxFilesPerReport"] = "4",
    };

    /// <summary>A small picture, or what its first bytes pretend to be one: these tests need no decoder.</summary>
    public static (string Name, string Type, byte[] Content) Picture(string name) => (name, "image/jpeg", [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[500]]);

    public PlainBrowser Browser() => new(Address);

    /// <summary>Walks to the page of answers with a description and nothing else.</summary>
    public async Task<PlainBrowser> AtCheckAsync(string path = "/lapor", string description = "Ada akun yang menawarkan anak.")
    {
        var browser = Browser();
        await browser.OpenAsync(path);
        browser.Fill("What.Category", "child_abuse_material");
        await browser.PressAsync("next");
        browser.Fill("Tell.Description", description);
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await browser.PressAsync("next");
        }

        return browser;
    }

    /// <summary>Files a report and gives its receipt code.</summary>
    public async Task<string> FileAsync(string description = "Ada akun yang menawarkan anak.")
    {
        using var browser = await AtCheckAsync(description: description);
        await browser.PressAsync("send");
        return CodeOf(browser);
    }

    public static string CodeOf(PlainBrowser browser) =>
        string.Join('-', browser.Page.QuerySelectorAll(".ri-receipt__group").Select(g => g.TextContent));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(new Kept(Log)));
    }

    private sealed class Kept(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
