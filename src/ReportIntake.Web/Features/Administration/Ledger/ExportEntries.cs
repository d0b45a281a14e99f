using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>
/// The published log as it is hashed: <c>{"entry":{…},"leafHash":"…","position":0}</c>, each line canonical (RFC 8785), so
/// that the bytes between <c>"entry":</c> and <c>,"leafHash"</c> are those that the leaf hash is taken over. An entry names
/// accounts, reports and files by their ids; nothing in it is personal. While a first vote on a report is open, the entries of
/// that report are <c>null</c>: their hashes keep the log whole, and what they say is read when the vote is settled.
/// </summary>
public static class ExportEntries
{
    public const string ContentType = "application/x-ndjson";

    private const int Page = 1000;

    /// <param name="after">The position after which to begin; −1 for all.</param>
    /// <param name="database">Read a page at a time, with nothing held open in between.</param>
    /// <param name="ct">Cancels.</param>
    public static IHttpResult Answer(long after, ReportIntakeDbContext database, CancellationToken ct) =>
        after < -1
            ? Error.Validation("after", "cursor_invalid", "A position is 0 or more.").ToProblem()
            : TypedResults.Stream(output => WriteAsync(after, output, database, ct), ContentType);

    private static async Task WriteAsync(long after, Stream output, ReportIntakeDbContext database, CancellationToken ct)
    {
        var end = (await LedgerState.EdgeAsync(database, ct)).Size;
        while (true)
        {
            var last = after;
            var page = await database.Ledger.AsNoTracking().Where(e => e.Position > last && e.Position < end)
                .OrderBy(e => e.Position).Take(Page).ToListAsync(ct);
            var blind = await OpenVotes.ReportsAsync(database, ct);
            foreach (var entry in page)
            {
                await output.WriteAsync("{\"entry\":"u8.ToArray(), ct);
                await output.WriteAsync(entry.ReportId is { } report && blind.Contains(report) ? "null"u8.ToArray() : entry.Canonical(), ct);
                await output.WriteAsync(
                    Encoding.ASCII.GetBytes(string.Create(
                        CultureInfo.InvariantCulture, $",\"leafHash\":\"{Convert.ToHexStringLower(entry.LeafHash)}\",\"position\":{entry.Position}}}\n")),
                    ct);
            }

            if (page.Count < Page)
            {
                return;
            }

            after = page[^1].Position!.Value;
        }
    }
}
