using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>A part of the open reports that somebody works through.</summary>
public enum DeskQueue
{
    /// <summary>What the reader holds.</summary>
    Mine,

    /// <summary>A first vote stands; a second person must decide.</summary>
    SecondReview,

    /// <summary>Given back by the police.</summary>
    Returned,

    /// <summary>The reporter was asked something.</summary>
    WaitingForReporter,

    /// <summary>The time is up.</summary>
    Overdue,
}

/// <summary>Reports to work on, most pressing first: <c>GET …/queue</c> and the queue's page.</summary>
public sealed class QueueReader(ReportIntakeDbContext database, ReportCatalogue catalogue, IOptions<EscalationOptions> escalation, TimeProvider clock)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>
    /// The query string, every member optional. <paramref name="Tier"/> is the one that counts for the order: what a person
    /// confirmed, or more pressing if the rules say so. A province as <paramref name="Area"/> covers its regencies.
    /// </summary>
    public sealed record Filter(
        string? Tier = null, string? Category = null, string? Area = null, string? State = null, string? Queue = null, string? Limit = null, string? Cursor = null);

    /// <param name="NextCursor">Give it as <c>cursor</c> to go on; null at the end.</param>
    public sealed record Response(IReadOnlyList<QueueItem> Items, string? NextCursor);

    public async Task<Result<Response>> ReadAsync(Filter filter, Guid moderator, CancellationToken cancellationToken)
    {
        if (Check(filter) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var limit = filter.Limit is null ? DefaultLimit : int.Parse(filter.Limit, CultureInfo.InvariantCulture);
        var rows = new QueueWalks(database.Reports, filter, now, moderator).Page(limit + 1, QueuePlace.Read(filter.Cursor));
        var items = await rows.Select(QueueItem.OfReport).ToListAsync(cancellationToken);
        var page = items.Take(limit).Select(i => i.Seen(escalation.Value, now)).ToList();
        return new Response(page, items.Count > limit ? QueuePlace.Of(page[^1]).Write() : null);
    }

    /// <summary>What this person holds, oldest claim first.</summary>
    public async Task<IReadOnlyList<QueueItem>> HeldByAsync(Guid moderator, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var held = await database.Reports
            .Where(r => r.ClaimedUntil > now && r.ClaimedBy == moderator && r.State == ReportState.UnderVerification)
            .OrderBy(r => r.ClaimedUntil).Select(QueueItem.OfReport).ToListAsync(cancellationToken);
        return [.. held.Select(i => i.Seen(escalation.Value, now))];
    }

    private Error? Check(Filter filter)
    {
        var fields = new List<FieldError>();
        Known("tier", filter.Tier is null || EnumNames.TryParse<Tier>(filter.Tier, out _));
        Known("category", filter.Category is null || catalogue.Category(filter.Category) is not null);
        Known("area", filter.Area is null || catalogue.IsArea(filter.Area));
        Known("state", filter.State is null || EnumNames.TryParse<ReportState>(filter.State, out _));
        Known("queue", filter.Queue is null || EnumNames.TryParse<DeskQueue>(filter.Queue, out _));
        if (filter.Limit is not null && !(int.TryParse(filter.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit))
        {
            fields.Add(new FieldError("limit", "limit_invalid", $"The limit is 1 to {MaxLimit}."));
        }

        if (filter.Cursor is not null && QueuePlace.Read(filter.Cursor) is null)
        {
            fields.Add(new FieldError("cursor", "cursor_invalid", "The cursor is not one that was given here."));
        }

        return fields.Count == 0 ? null : Error.Validation(fields);

        void Known(string field, bool known)
        {
            if (!known)
            {
                fields.Add(new FieldError(field, "unknown_code", $"There is no such {field}."));
            }
        }
    }
}
