using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>
/// The queue's events for one reader: <c>GET …/queue/stream</c>. Every heartbeat tells the counts again and looks whether
/// the session still counts; the stream ends with the session, and with the program.
/// </summary>
public sealed class QueueStream(
    QueueWatch watch, QueueCounter counter, IServiceScopeFactory scopes, IOptions<QueueStreamOptions> options, IOptions<StaffOptions> staff, IHostApplicationLifetime program, TimeProvider clock)
{
    public const string EventType = "queue";

    public async IAsyncEnumerable<SseItem<QueueNews>> ReadAsync(ClaimsPrincipal reader, DateTimeOffset? sessionEnds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, program.ApplicationStopping);
        var news = watch.Listen(end.Token);
        yield return Event(new QueueNews(await counter.CountAsync(end.Token), [], false));

        var looked = clock.GetTimestamp();
        while (true)
        {
            var left = options.Value.Heartbeat - clock.GetElapsedTime(looked);
            if (left <= TimeSpan.Zero)
            {
                looked = clock.GetTimestamp();
                if (sessionEnds <= clock.GetUtcNow() || !await CountsAsync(reader))
                {
                    await end.CancelAsync();
                    yield break;
                }

                yield return Event(new QueueNews(await counter.CountAsync(end.Token), [], false));
                continue;
            }

            switch (await NextAsync(news, left, end.Token))
            {
                case (true, { } item):
                    yield return Event(staff.Value.SeesChildSafety(reader) ? item : item.WithoutChildSafety());
                    break;
                case (true, null):
                    await end.CancelAsync();
                    yield break;
            }
        }
    }

    /// <summary>The next news; nothing where the time is up before; an end without news where the channel has ended or the reader has gone.</summary>
    private static async Task<(bool Came, QueueNews? News)> NextAsync(System.Threading.Channels.ChannelReader<QueueNews> news, TimeSpan atMost, CancellationToken end)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(end);
        wait.CancelAfter(atMost);
        try
        {
            return await news.WaitToReadAsync(wait.Token) && news.TryRead(out var item) ? (true, item) : (true, null);
        }
        catch (OperationCanceledException)
        {
            return (end.IsCancellationRequested, null);
        }
    }

    /// <summary>Asked of whoever judges it at each request; see Security/SessionCheck.</summary>
    private async Task<bool> CountsAsync(ClaimsPrincipal reader)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = await scope.ServiceProvider.GetRequiredService<IClaimsTransformation>().TransformAsync(reader);
        return now.Identity?.IsAuthenticated is true;
    }

    private static SseItem<QueueNews> Event(QueueNews news) => new(news, EventType);
}
