using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.Exports;

/// <summary>
/// All of a client's reports that a filter lets through, by time of filing, in pages that are read, witnessed and written
/// one after another: memory does not grow with the number of reports, and no read of the database stays open while a slow
/// client takes its time. A report is told once, as it is when its page is read; who must miss nothing follows the feed.
/// </summary>
/// <remarks>An export that breaks off ends without the last chunk, so that the client does not take a part for the whole.</remarks>
public static class ExportReports
{
    /// <summary>The custody event of an export; each report in it leaves <see cref="ReadVerifiedReport.LedgerAction"/> too.</summary>
    public const string LedgerAction = "reports_exported";

    /// <summary>Reports of one page.</summary>
    public const int PageSize = 200;

    public sealed record Query(
        [property: FromQuery(Name = "format"), Description("csv or ndjson.")] string? Format,
        [property: FromQuery(Name = "tier"), Description("immediate, urgent or non_urgent.")] string? Tier,
        [property: FromQuery(Name = "state"), Description("verified, in_follow_up, resolved or closed.")] string? State,
        [property: FromQuery(Name = "category"), Description("A category's code.")] string? Category,
        [property: FromQuery(Name = "area"), Description("A regency's code, or a province's for all of its regencies.")] string? Area,
        [property: FromQuery(Name = "updatedSince"), Description("RFC 3339: only what changed at that time or later.")] string? UpdatedSince);

    public static Microsoft.AspNetCore.Http.IResult Handle(
        [AsParameters] Query query, PoliceClientAccess client, ReportIntakeDbContext database, ReportCatalogue catalogue, TimeProvider clock)
    {
        var parsed = ReportFilter.Parse(new ListVerifiedReports.Query(query.Tier, query.State, query.Category, query.Area, query.UpdatedSince, null, null), catalogue);
        if (!parsed.IsSuccess)
        {
            return parsed.Error.ToProblem();
        }

        if (ExportFormat.Find(query.Format) is not { } format)
        {
            return Error.Validation("format", "unknown_code", "The format is csv or ndjson.").ToProblem();
        }

        return new Streamed(new Export(database, client, parsed.Value, format, clock), format);
    }

    private sealed class Export(ReportIntakeDbContext database, PoliceClientAccess client, ReportFilter filter, ExportFormat format, TimeProvider clock)
    {
        private readonly Guid id = Guid.NewGuid();

        /// <summary>Page by page, each kept in the ledger before it is handed on.</summary>
        public async IAsyncEnumerable<IReadOnlyList<ExportRow>> PagesAsync([EnumeratorCancellation] CancellationToken ct)
        {
            Witness(LedgerAction, null, ("format", format.Name), ("filter", filter.ToString()));
            await database.SaveChangesAsync(ct);
            var (after, afterId) = (DateTimeOffset.MinValue, Guid.Empty);
            while (true)
            {
                database.ChangeTracker.Clear();
                var page = await filter.Apply(database.Reports.AsNoTracking().VisibleTo(client))
                    .Where(r => r.SubmittedAt >= after && (r.SubmittedAt > after || r.Id > afterId))
                    .OrderBy(r => r.SubmittedAt).ThenBy(r => r.Id).Take(PageSize)
                    .Include(r => r.Indicators).AsSplitQuery()
                    .ToListAsync(ct);
                foreach (var report in page)
                {
                    Witness(ReadVerifiedReport.LedgerAction, report.Id, ("version", $"{report.Version}"));
                }

                await database.SaveChangesAsync(ct);
                yield return page.ConvertAll(ExportRow.Of);
                if (page.Count < PageSize)
                {
                    yield break;
                }

                (after, afterId) = (page[^1].SubmittedAt, page[^1].Id);
            }
        }

        private void Witness(string action, Guid? reportId, params (string Key, string Value)[] details) => database.Ledger.Add(LedgerEntry.Write(
            Actor.Police(client.ClientId), action, reportId, null, details.Append(("export", id.ToString())).ToDictionary(d => d.Item1, d => d.Item2), clock.GetUtcNow()));
    }

    private sealed class Streamed(Export export, ExportFormat format) : Microsoft.AspNetCore.Http.IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
            await using var pages = export.PagesAsync(ct).GetAsyncEnumerator(ct);
            var more = await pages.MoveNextAsync(); // what fails before the first byte can still be answered as an error
            response.ContentType = format.MediaType + "; charset=utf-8";
            response.Headers.ContentDisposition = $"attachment; filename=\"reports.{format.Name}\"";
            await response.Body.WriteAsync(format.Head, ct);
            for (; more; more = await pages.MoveNextAsync())
            {
                foreach (var row in pages.Current)
                {
                    format.Write(response.BodyWriter, row);
                }

                await response.BodyWriter.FlushAsync(ct);
            }
        }
    }
}
