using System.Globalization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Police.ChangeFeed;

/// <summary>Positions in the feed as a client is given them.</summary>
public sealed class FeedCursors(SealedCursors cursors, FeedReader feed)
{
    private const string Feed = "events";

    public string Seal(Guid clientId, long position) => cursors.Seal(clientId, Feed, position.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// The position of a cursor: <see cref="SealedCursors.Invalid"/> where it is none of this client's, or lies beyond the
    /// feed's end, as after a restore (going on from it would skip events); <see cref="Gone"/> where what follows it is kept no longer.
    /// </summary>
    public async Task<Result<long>> OpenAsync(Guid clientId, string cursor, CancellationToken ct)
    {
        var place = cursors.Open(clientId, Feed, cursor);
        if (!place.IsSuccess)
        {
            return place.Error;
        }

        var (position, bounds) = (long.Parse(place.Value, CultureInfo.InvariantCulture), await feed.BoundsAsync(ct));
        return position > bounds.Head ? SealedCursors.Invalid
            : position < bounds.Pruned ? Gone(clientId, bounds)
            : position;
    }

    /// <summary>Events between the cursor and the oldest that is kept are gone; <c>next</c> is where to go on, and what was missed stands in the list of reports.</summary>
    public Error Gone(Guid clientId, FeedBounds bounds) => GoneAfter(Seal(clientId, bounds.Pruned));

    internal static Error GoneAfter(string next) =>
        new("cursor_gone", ErrorKind.Gone, "Events after this cursor are no longer kept. Go on from next, and read the list of reports for what was missed.")
        {
            Arguments = new Dictionary<string, string> { ["next"] = next },
        };
}
