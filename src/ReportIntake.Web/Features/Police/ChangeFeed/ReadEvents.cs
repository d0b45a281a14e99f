using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Jobs.Sequencing;
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

    public sealed record Query(
        [property: FromQuery(Name = "after"), Description("X-Next-Cursor of the answer before; from the beginning if not given.")] string? After,
        [property: FromQuery(Name = "limit"), Description("1 to 1000, 100 if not given.")] int? Limit,
        [property: FromQuery(Name = "wait"), Description("Seconds to wait for an event where there is none, 0 to 60, 0 if not given.")] int? Wait);

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

        var (position, limit, events, keyIsGood) = (opened.Value, query.Limit ?? DefaultLimit, new List<PoliceEvent>(), true);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.ApplicationStopping);
        try
        {
            await published.WaitForPublishedAsync(LookAsync, TimeSpan.FromSeconds(query.Wait ?? 0), clock, ends.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The server stops: the client is answered now and asks again when it is back.
        }

        if (!keyIsGood)
        {
            response.Headers.WWWAuthenticate = "Bearer";
            return SecurityErrors.NotAuthenticated.ToProblem();
        }

        response.Headers[NextCursorHeader] = cursors.Seal(client.ClientId, Feed, position.ToString(CultureInfo.InvariantCulture));
        return TypedResults.Json(events.Select(e => CloudEvent.Of(e, client)).ToList(), contentType: CloudEvent.BatchContentType);

        async Task<bool> LookAsync(CancellationToken token)
        {
            (events, position) = await ReadAsync(client, position, limit, token);
            keyIsGood = await database.PoliceClients.AnyAsync(c => c.Id == client.ClientId && c.RevokedAt == null, token);
            return events.Count > 0 || !keyIsGood;
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
