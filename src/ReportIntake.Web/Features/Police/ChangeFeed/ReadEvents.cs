using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.ChangeFeed;

/// <summary>
/// The feed of a client's areas in the order of publication; nothing is skipped. A cursor also passes the events the client
/// may not see, so that no read looks at them twice.
/// </summary>
public sealed class ReadEvents(
    ReportIntakeDbContext database, SealedCursors cursors, PublishedSignal published, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
    public const int MaxWaitSeconds = 60;
    public const string NextCursorHeader = "X-Next-Cursor";

    private const string Feed = "events";

    /// <summary>Positions that one query looks at, so that none runs long for a client with a small area.</summary>
    private const int ScanAtOnce = 10_000;

    /// <summary>What this process publishes wakes a waiting client at once; what others do, and the end of its key, is seen after this.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    public sealed record Query(
        [property: FromQuery, Description("X-Next-Cursor of the answer before; from the beginning if not given.")] string? After,
        [property: FromQuery, Description("1 to 1000, 100 if not given.")] int? Limit,
        [property: FromQuery, Description("Seconds to wait for an event where there is none, 0 to 60, 0 if not given.")] int? Wait);

    public async Task<Microsoft.AspNetCore.Http.IResult> HandleAsync(Query query, PoliceClientAccess client, HttpResponse response, CancellationToken ct)
    {
        if (Refusal(query) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var opened = await PositionAsync(query.After, client, ct);
        if (!opened.IsSuccess)
        {
            return opened.Error.ToProblem();
        }

        var (position, limit, wait, began) = (opened.Value, query.Limit ?? DefaultLimit, TimeSpan.FromSeconds(query.Wait ?? 0), clock.GetTimestamp());
        while (true)
        {
            var next = published.Next;
            (var events, position) = await ReadAsync(client, position, limit, ct);
            var left = wait - clock.GetElapsedTime(began);
            if (events.Count > 0 || left <= TimeSpan.Zero || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                response.Headers[NextCursorHeader] = cursors.Seal(client.ClientId, Feed, position.ToString(CultureInfo.InvariantCulture));
                return TypedResults.Json(events.Select(CloudEvent.Of).ToList(), contentType: CloudEvent.BatchContentType);
            }

            await WaitAsync(next, left < Poll ? left : Poll, ct);
            if (!await database.PoliceClients.AnyAsync(c => c.Id == client.ClientId && c.RevokedAt == null, ct))
            {
                return SecurityErrors.NotAuthenticated.ToProblem();
            }
        }
    }

    private async Task<(List<PoliceEvent> Events, long Position)> ReadAsync(PoliceClientAccess client, long position, int limit, CancellationToken ct)
    {
        var head = await HeadAsync(ct);
        var events = new List<PoliceEvent>();
        while (position < head && events.Count < limit)
        {
            var (after, end) = (position, Math.Min(head, position + ScanAtOnce));
            var found = await database.PoliceEvents.AsNoTracking()
                .Where(e => e.Position > after && e.Position <= end)
                .Where(client.CoversEvent())
                .OrderBy(e => e.Position)
                .Take(limit - events.Count)
                .ToListAsync(ct);
            events.AddRange(found);
            position = events.Count == limit ? found[^1].Position!.Value : end;
        }

        return (events, position);
    }

    /// <summary>The position of a cursor. One beyond the feed's end comes from before a restore: going on from it would skip events.</summary>
    private async Task<Result<long>> PositionAsync(string? after, PoliceClientAccess client, CancellationToken ct)
    {
        if (after is null)
        {
            return 0;
        }

        var place = cursors.Open(client.ClientId, Feed, after);
        if (!place.IsSuccess)
        {
            return place.Error;
        }

        var position = long.Parse(place.Value, CultureInfo.InvariantCulture);
        return position <= await HeadAsync(ct) ? position : SealedCursors.Invalid;
    }

    private async Task<long> HeadAsync(CancellationToken ct) => await database.PoliceEvents.MaxAsync(e => e.Position, ct) ?? 0;

    /// <summary>Ends early when something is published or the server stops; throws when the client has gone.</summary>
    private async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken ct)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        ends.CancelAfter(atMost);
        await next.WaitAsync(ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    private static Error? Refusal(Query query)
    {
        var wrong = new List<FieldError>();
        if (query.Limit is < 1 or > MaxLimit)
        {
            wrong.Add(PageLimit.Refusal(MaxLimit));
        }

        if (query.Wait is < 0 or > MaxWaitSeconds)
        {
            wrong.Add(new FieldError("wait", "wait_invalid", $"Waiting takes 0 to {MaxWaitSeconds} seconds."));
        }

        return wrong.Count > 0 ? Error.Validation(wrong) : null;
    }
}
