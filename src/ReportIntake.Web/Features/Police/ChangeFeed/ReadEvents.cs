using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
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
    ReportIntakeDbContext database, FeedReader feed, FeedCursors cursors, PublishedSignal published, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
    public const int MaxWaitSeconds = 60;
    public const string NextCursorHeader = "X-Next-Cursor";

    public sealed record Query(
        [property: FromQuery(Name = "after"), Description("X-Next-Cursor of the answer before; from the oldest event that is kept if not given.")] string? After,
        [property: FromQuery(Name = "limit"), Description("1 to 1000, 100 if not given.")] int? Limit,
        [property: FromQuery(Name = "wait"), Description("Seconds to wait for an event where there is none, 0 to 60, 0 if not given.")] int? Wait);

    public async Task<Microsoft.AspNetCore.Http.IResult> HandleAsync(Query query, PoliceClientAccess client, HttpResponse response, CancellationToken ct)
    {
        if (Refusal(query) is { } refusal)
        {
            return refusal.ToProblem();
        }

        Result<long> opened = query.After is null ? (await feed.BoundsAsync(ct)).Pruned : await cursors.OpenAsync(client.ClientId, query.After, ct);
        if (!opened.IsSuccess)
        {
            return opened.Error.ToProblem();
        }

        var (from, position, limit, events, keyIsGood) = (opened.Value, opened.Value, query.Limit ?? DefaultLimit, new List<PoliceEvent>(), true);
        var bounds = default(FeedBounds);
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

        if (bounds.Pruned > from)
        {
            return cursors.Gone(client.ClientId, bounds).ToProblem(); // while it was read
        }

        response.Headers[NextCursorHeader] = cursors.Seal(client.ClientId, position);
        return TypedResults.Json(events.Select(e => CloudEvent.Of(e, client)).ToList(), contentType: CloudEvent.BatchContentType);

        async Task<bool> LookAsync(CancellationToken token)
        {
            from = position;
            (events, position) = await feed.ReadAsync(client, from, (await feed.BoundsAsync(token)).Head, limit, token);
            bounds = await feed.BoundsAsync(token);
            keyIsGood = await client.StillCountsAsync(database, clock.GetUtcNow(), token);
            return events.Count > 0 || !keyIsGood;
        }
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
