using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class QueueStreamTests
{
    private const string Stream = "/api/v1/moderation/queue/stream";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string?> Quick = new() { ["Desk:Stream:Poll"] = "00:00:00.1", ["Desk:Stream:Heartbeat"] = "00:00:00.5" };

    [Fact]
    public async Task Stream_ReportsComeAndAreTaken_TellsItToManyListeners()
    {
        await using var host = new ModerationHost { With = Quick };
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var before = await host.AddAsync();
        var listeners = new List<Listener>();
        for (var i = 0; i < 12; i++)
        {
            listeners.Add(await Listener.OpenAsync(moderator));
        }

        var report = await host.AddAsync(at: TimeProvider.System.GetUtcNow());
        foreach (var listener in listeners)
        {
            var news = await listener.UntilAsync(report.Id, waiting: true);
            Assert.Equal("urgent", news.Text("tier"));
        }

        await moderator.DoAsync(report.Id, "claim");
        foreach (var listener in listeners)
        {
            var news = await listener.UntilAsync(report.Id, waiting: false);
            Assert.Equal("under_verification", news.Text("state"));
            Assert.DoesNotContain(before.Id, listener.Told);
            await listener.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stream_SignedOutElsewhere_EndsAndOpensNoMore()
    {
        await using var host = new ModerationHost { With = Quick };
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        await using var listener = await Listener.OpenAsync(moderator);

        using var left = await moderator.PostAsync("/api/v1/staff/logout", null);
        Assert.True(left.IsSuccessStatusCode, left.StatusCode.ToString());
        await listener.EndAsync();

        using var again = await moderator.GetAsync(Stream, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task Stream_OfTheBrowsersSession_HasNoContentOfTheReports()
    {
        await using var host = new ModerationHost { With = Quick };
        using var browser = await host.StaffBrowserAsync(StaffRoles.Supervisor);
        await using var listener = await Listener.OpenAsync(browser);

        var report = await host.AddAsync(handle: "kept-from-streams", at: TimeProvider.System.GetUtcNow());
        var news = await listener.UntilAsync(report.Id, waiting: true);

        Assert.Equal(["areaCode", "category", "due", "id", "state", "tier", "waiting"], news.EnumerateObject().Select(p => p.Name).Order());
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly CancellationTokenSource patience = new(Patience);
        private readonly HttpResponseMessage answer;
        private readonly IAsyncEnumerator<SseItem<string>> events;

        private Listener(HttpResponseMessage answer, Stream body)
        {
            this.answer = answer;
            events = SseParser.Create(body).EnumerateAsync(patience.Token).GetAsyncEnumerator();
        }

        public List<Guid> Told { get; } = [];

        public static async Task<Listener> OpenAsync(HttpClient client)
        {
            var opened = await client.GetAsync(QueueStreamTests.Stream, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (opened.StatusCode, opened.Content.Headers.ContentType?.MediaType));
            var listener = new Listener(opened, await opened.Content.ReadAsStreamAsync());
            Assert.True(await listener.events.MoveNextAsync()); // the counts, once it listens
            Assert.Equal("queue", listener.events.Current.EventType);
            return listener;
        }

        public async Task<JsonElement> UntilAsync(Guid report, bool waiting)
        {
            while (await events.MoveNextAsync())
            {
                foreach (var change in JsonDocument.Parse(events.Current.Data).RootElement.GetProperty("changed").EnumerateArray())
                {
                    Told.Add(change.GetProperty("id").GetGuid());
                    if (Told[^1] == report && change.GetProperty("waiting").GetBoolean() == waiting)
                    {
                        return change.Clone();
                    }
                }
            }

            throw new InvalidOperationException("The stream ended before.");
        }

        public async Task EndAsync()
        {
            while (await events.MoveNextAsync())
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            await events.DisposeAsync();
            answer.Dispose();
            patience.Dispose();
        }
    }
}
