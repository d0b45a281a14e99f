using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ReportIntake.BrowserTests;

/// <summary>
/// One person's way through the pages. Every page that is <see cref="SeenAsync">seen</see> is checked: no violation by axe,
/// nothing on the console (where the CSP complains too), nothing wider than the screen, and no more bytes than allowed.
/// </summary>
public sealed class Walk : IAsyncDisposable
{
    /// <summary>Bytes that a citizen's page may transfer, with nothing in the cache.</summary>
    public const int MostBytes = 100 * 1024, MostBytesPlain = 45 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Screenshots = Environment.GetEnvironmentVariable("SCREENSHOTS") ?? "";

    private readonly IBrowserContext context;
    private readonly string name;
    private readonly bool scripts;
    private readonly List<string> complaints = [];
    private long transferred;
    private int pictures;

    private Walk(IBrowserContext context, IPage page, string name, bool scripts) =>
        (this.context, Page, this.name, this.scripts) = (context, page, name, scripts);

    public IPage Page { get; }

    /// <summary>Bytes of the pages seen so far, by name.</summary>
    public Dictionary<string, long> Transferred { get; } = [];

    internal static async Task<Walk> BeginAsync(IBrowserContext context, string name, bool scripts)
    {
        var walk = new Walk(context, await context.NewPageAsync(), name, scripts);
        walk.Page.Console += (_, message) => walk.Complain(message.Type, message.Text);
        walk.Page.PageError += (_, error) => walk.Complain("error", error);
        var network = await context.NewCDPSessionAsync(walk.Page);
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.setCacheDisabled", new Dictionary<string, object> { ["cacheDisabled"] = true });
        network.Event("Network.loadingFinished").OnEvent += (_, finished) =>
            Interlocked.Add(ref walk.transferred, (long)(finished?.GetProperty("encodedDataLength").GetDouble() ?? 0));
        return walk;
    }

    public async Task OpenAsync(string address)
    {
        Forget();
        await Page.GotoAsync(address);
        await SettleAsync();
    }

    /// <summary>The desk is live: the queue and its stream never fall silent.</summary>
    private Task SettleAsync() =>
        Page.WaitForLoadStateAsync(Page.Url.Contains("/staff/", StringComparison.Ordinal) ? LoadState.Load : LoadState.NetworkIdle);

    /// <summary>Does what leads to another page, and waits for it.</summary>
    public async Task GoAsync(Func<Task> act)
    {
        Forget();
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnLoad(object? sender, IPage page) => loaded.TrySetResult();
        Page.Load += OnLoad;
        try
        {
            await act();
            await loaded.Task.WaitAsync(Patience);
            await SettleAsync();
        }
        finally
        {
            Page.Load -= OnLoad;
        }
    }

    /// <summary>Looks at the page that is open now.</summary>
    /// <param name="expectRefusal">The page was answered with a refusal, which the console tells too.</param>
    /// <param name="budget">Bytes; the citizens' by default, null where pictures are part of the page.</param>
    public async Task SeenAsync(string page, bool expectRefusal = false, bool budget = true)
    {
        await ShootAsync(page);
        var bytes = Interlocked.Read(ref transferred);
        Transferred[page] = bytes;
        if (expectRefusal)
        {
            complaints.RemoveAll(c => c.Contains("the server responded with a status of 4", StringComparison.Ordinal));
        }

        Assert.True(complaints.Count == 0, $"{name} {page}: {string.Join("; ", complaints)}");
        var most = scripts ? MostBytes : MostBytesPlain;
        Assert.True(!budget || bytes <= most, $"{name} {page}: {bytes} bytes of {most}");
        Assert.True(!budget || bytes > 0, $"{name} {page}: no byte was counted");
        await using var copy = scripts ? null : await CopyAsync();
        var looked = copy?.Page ?? Page;
        await NothingOverflowsAsync(page, looked);
        var found = await looked.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] }).WaitAsync(Patience);
        Assert.True(found.Violations.Length == 0, $"{name} {page}: " + string.Join("; ", found.Violations.Select(v =>
            $"{v.Id} ({v.Help}): {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }

    /// <summary>Ticks a radio or checkbox as a finger does: the label is the large target.</summary>
    public Task ChooseAsync(string field, string value) =>
        Page.Locator($"input[name='{field}'][value='{value}']").CheckAsync(new LocatorCheckOptions { Force = true });

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    /// <summary>The page as it stands, in a context where axe can run and the page's own scripts do not.</summary>
    private async Task<Copy> CopyAsync()
    {
        var (html, address) = (await Page.ContentAsync(), Page.Url);
        var twin = await context.Browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = Page.ViewportSize!.Width, Height = Page.ViewportSize.Height },
        });
        await twin.RouteAsync("**/*.js", route => route.AbortAsync());
        await twin.RouteAsync(address, route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html; charset=utf-8", Body = html }));
        var page = await twin.NewPageAsync();
        await page.GotoAsync(address);
        return new Copy(twin, page);
    }

    private sealed record Copy(IBrowserContext Context, IPage Page) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Context.DisposeAsync();
    }

    private async Task NothingOverflowsAsync(string page, IPage looked)
    {
        var wide = await looked.EvaluateAsync<JsonElement>("() => ({ page: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth })");
        Assert.True(wide.GetProperty("page").GetInt32() <= wide.GetProperty("screen").GetInt32(), $"{name} {page}: wider than the screen, {wide.GetRawText()}");
    }

    private async Task ShootAsync(string page)
    {
        if (Screenshots.Length > 0)
        {
            Directory.CreateDirectory(Screenshots);
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}-{++pictures:00}-{page}.png"), FullPage = true });
        }
    }

    private void Forget()
    {
        Interlocked.Exchange(ref transferred, 0);
    }

    private void Complain(string type, string text)
    {
        if (type is "error" or "warning")
        {
            complaints.Add($"{type}: {text}");
        }
    }
}
