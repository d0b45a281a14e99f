using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>Reports to work on, most pressing first: <c>GET …/queue</c> and the queue's page.</summary>
public sealed class QueueReader(ReportIntakeDbContext database, ReportCatalogue catalogue, WorkingCalendar calendar)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    /// <summary>Without a state in the filter: what somebody here has to do something about, or will have.</summary>
    private static readonly ReportState[] Open = [ReportState.Received, ReportState.UnderVerification, ReportState.NeedsInformation];

    /// <summary>
    /// The query string, every member optional. <paramref name="Tier"/> is the one that counts for the order: what a person
    /// confirmed, or more pressing if the rules say so. A province as <paramref name="Area"/> covers its regencies.
    /// </summary>
    public sealed record Filter(string? Tier = null, string? Category = null, string? Area = null, string? State = null, string? Limit = null, string? Cursor = null);

    /// <param name="NextCursor">Give it as <c>cursor</c> to go on; null at the end.</param>
    public sealed record Response(IReadOnlyList<QueueItem> Items, string? NextCursor);

    public async Task<Result<Response>> ReadAsync(Filter filter, CancellationToken cancellationToken)
    {
        if (Check(filter) is { } refusal)
        {
            return refusal;
        }

        var limit = filter.Limit is null ? DefaultLimit : int.Parse(filter.Limit, CultureInfo.InvariantCulture);
        var after = Place.Read(filter.Cursor);
        ReportState[] states = EnumNames.TryParse<ReportState>(filter.State, out var state) ? [state] : Open;

        // Each state is a walk of the index (State, QueueRank, SubmittedAt, Id); the database merges the few rows of each.
        var rows = states
            .Select(s => InOrder(Filtered(filter, after).Where(r => r.State == s)).Take(limit + 1))
            .Aggregate((all, more) => all.Concat(more));
        var items = await InOrder(rows).Take(limit + 1).Select(QueueItem.OfReport).ToListAsync(cancellationToken);
        var page = items.Take(limit).Select(i => i.WithDueAt(calendar)).ToList();
        return new Response(page, items.Count > limit ? Place.Of(page[^1]).Write() : null);
    }

    /// <summary>What this person holds, oldest claim first.</summary>
    public async Task<IReadOnlyList<QueueItem>> HeldByAsync(Guid moderator, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var held = await database.Reports
            .Where(r => r.ClaimedUntil > now && r.ClaimedBy == moderator && r.State == ReportState.UnderVerification)
            .OrderBy(r => r.ClaimedUntil).Select(QueueItem.OfReport).ToListAsync(cancellationToken);
        return [.. held.Select(i => i.WithDueAt(calendar))];
    }

    /// <summary>How many wait in each tier.</summary>
    public async Task<IReadOnlyDictionary<Tier, int>> CountWaitingAsync(CancellationToken cancellationToken)
    {
        var inQueue = true; // a parameter: SQLite walks no index for a bare boolean column
        var counts = await database.Reports.Where(r => r.InQueue == inQueue).GroupBy(r => r.QueueRank)
            .Select(g => new { Rank = g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        return Enum.GetValues<Tier>().ToDictionary(t => t, t => counts.Where(c => c.Rank / 2 == (int)t).Sum(c => c.Count));
    }

    private static IOrderedQueryable<Report> InOrder(IQueryable<Report> reports) =>
        reports.OrderBy(r => r.QueueRank).ThenBy(r => r.SubmittedAt).ThenBy(r => r.Id);

    private IQueryable<Report> Filtered(Filter filter, Place? after)
    {
        var reports = database.Reports.AsQueryable();
        if (EnumNames.TryParse<Tier>(filter.Tier, out var tier))
        {
            var first = (int)tier * 2; // see Report.QueueRank
            reports = reports.Where(r => r.QueueRank == first || r.QueueRank == first + 1);
        }

        if (filter.Category is { } category)
        {
            reports = reports.Where(r => r.Category == category);
        }

        if (filter.Area is { } area)
        {
            var within = area + ".";
            reports = reports.Where(r => r.Incident.AreaCode == area || r.Incident.AreaCode!.StartsWith(within));
        }

        return after is not { } place
            ? reports
            : reports.Where(r => r.QueueRank > place.Rank
                || (r.QueueRank == place.Rank && (r.SubmittedAt > place.SubmittedAt || (r.SubmittedAt == place.SubmittedAt && r.Id.CompareTo(place.Id) > 0))));
    }

    private Error? Check(Filter filter)
    {
        var fields = new List<FieldError>();
        Known("tier", filter.Tier is null || EnumNames.TryParse<Tier>(filter.Tier, out _));
        Known("category", filter.Category is null || catalogue.Category(filter.Category) is not null);
        Known("area", filter.Area is null || catalogue.IsArea(filter.Area));
        Known("state", filter.State is null || EnumNames.TryParse<ReportState>(filter.State, out _));
        if (filter.Limit is not null && !(int.TryParse(filter.Limit, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit))
        {
            fields.Add(new FieldError("limit", "limit_invalid", $"The limit is 1 to {MaxLimit}."));
        }

        if (filter.Cursor is not null && Place.Read(filter.Cursor) is null)
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

    /// <summary>Where a page ends: the keys of the order. It opens nothing, so it is not sealed.</summary>
    private readonly record struct Place(int Rank, DateTimeOffset SubmittedAt, Guid Id)
    {
        private const int Size = 4 + 8 + 16;

        public static Place Of(QueueItem item) => new(((int)item.EffectiveTier * 2) + (item.Returned ? 0 : 1), item.SubmittedAt, item.Id);

        public string Write()
        {
            Span<byte> bytes = stackalloc byte[Size];
            BinaryPrimitives.WriteInt32BigEndian(bytes, Rank);
            BinaryPrimitives.WriteInt64BigEndian(bytes[4..], SubmittedAt.UtcTicks);
            Id.TryWriteBytes(bytes[12..]);
            return Base64Url.EncodeToString(bytes);
        }

        public static Place? Read(string? cursor)
        {
            Span<byte> bytes = stackalloc byte[Size];

            // Asked first: TryDecodeFromChars throws at characters that are not of its alphabet.
            if (!Base64Url.IsValid(cursor, out var length) || length != Size || !Base64Url.TryDecodeFromChars(cursor, bytes, out _))
            {
                return null;
            }

            var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
            return ticks < 0 || ticks > DateTime.MaxValue.Ticks
                ? null
                : new Place(BinaryPrimitives.ReadInt32BigEndian(bytes), new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[12..]));
        }
    }
}
