using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ReportIntake.Benchmarks;

/// <summary>Moderators by API at a stated rate: look at the queue, take the next, read it, decide.</summary>
internal sealed class LoadModerators(IReadOnlyList<LoadCaller> moderators, double decisions)
{
    /// <summary>Reports whose verification was answered with 200.</summary>
    public ConcurrentDictionary<Guid, bool> Verified { get; } = [];

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(moderators.Select((m, i) => Task.Run(() => WorkAsync(m, i, stop), CancellationToken.None)));

    private async Task WorkAsync(LoadCaller moderator, int number, CancellationToken stop)
    {
        var pause = TimeSpan.FromSeconds(moderators.Count / decisions);
        await Task.Delay(pause * ((double)number / moderators.Count), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var begun = Stopwatch.GetTimestamp();
            await DecideAsync(moderator, turn);
            var left = pause - Stopwatch.GetElapsedTime(begun);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DecideAsync(LoadCaller moderator, int turn)
    {
        await moderator.CallAsync("moderator looks at the queue", HttpMethod.Get, "/api/v1/moderation/queue?limit=50");
        if (await moderator.CallAsync("moderator takes the next", HttpMethod.Post, "/api/v1/moderation/queue/next") is not { Status: HttpStatusCode.OK } next)
        {
            return;
        }

        var item = next.Json;
        var (id, category, tier) = (item.GetProperty("id").GetGuid(), Text(item, "category"), Text(item, "provisionalTier"));
        await moderator.CallAsync("moderator reads a report", HttpMethod.Get, $"/api/v1/moderation/reports/{id}");
        if (turn % 5 == 4)
        {
            await moderator.CallAsync("moderator rejects", HttpMethod.Post, $"/api/v1/moderation/reports/{id}/reject", JsonContent.Create(new { disposition = "insufficient_information" }));
        }
        else if (await moderator.CallAsync("moderator verifies", HttpMethod.Post, $"/api/v1/moderation/reports/{id}/verify", JsonContent.Create(new { category, tier, reason = "Tanda jelas." })) is not null)
        {
            Verified[id] = true;
        }
    }

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
