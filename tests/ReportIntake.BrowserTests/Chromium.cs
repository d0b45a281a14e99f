using Microsoft.Playwright;
using ReportIntake.Testing;
using Media = ReportIntake.Testing.Media;

// Two browsers at once on two cores time each other out.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ReportIntake.BrowserTests;

/// <summary>Skipped where there is no browser: Debian's Chromium, or the program that <c>CHROMIUM</c> names.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Missing;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Missing;
}

/// <summary>The program on a real port with the second factor required, as in production, and no jobs left out.</summary>
public sealed class BrowserHost : IntakeHost
{
    /// <summary>How long decisions can be undone; told at once unless said otherwise.</summary>
    public string UndoWindow { get; init; } = "00:00:00";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Desk:UndoWindow"] = UndoWindow };
}

/// <summary>One browser and one program for all walks; each walk has a context of its own, as a person on a device of their own.</summary>
public class Chromium : IAsyncLifetime
{
    private static readonly string Executable = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public static string? Missing => File.Exists(Executable) ? null : $"{Executable} is missing (Debian package chromium; CHROMIUM names another).";

    public virtual BrowserHost Host { get; } = new();

    /// <summary>A photo and a video, made on the spot.</summary>
    public byte[] Photo { get; private set; } = [];

    public byte[] Video { get; private set; } = [];

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Headless = true, Args = Arguments });
        Photo = Media.WithExif(await Media.JpegAsync(800, 600), orientation: 6);
        Video = await Media.Mp4Async(2, 320, 180);
    }

    /// <param name="name">Names the screenshots.</param>
    public async Task<Walk> WalkAsync(string name, int width = 1280, int height = 900, bool scripts = true)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            JavaScriptEnabled = scripts,
            BaseURL = Host.Address.ToString(),
            AcceptDownloads = true,
        });
        return await Walk.BeginAsync(context, $"{name}-{width}{(scripts ? "" : "-plain")}", scripts);
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (Missing is null)
        {
            await Host.DisposeAsync();
        }
    }
}

/// <summary>Walks share the browser and run one after the other: two cores are few for Chromium.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
