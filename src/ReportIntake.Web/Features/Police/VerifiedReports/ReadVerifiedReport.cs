using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>
/// One report with everything that the police need to act. Its reading is a custody event that is kept before it is answered.
/// Internal notes, first votes, claims and the sealed identity are not part of it.
/// </summary>
public static class ReadVerifiedReport
{
    /// <summary>The custody event of this use case.</summary>
    public const string LedgerAction = "report_read";

    /// <summary>What of a report's history is told. Claims are left out with the first votes: two claims in a row would give one away.</summary>
    private static readonly Dictionary<string, ReportAction> ToldActions = Enum.GetValues<ReportAction>()
        .Except([
            ReportAction.NoteAdded, ReportAction.RejectionProposed, ReportAction.RetriageProposed, ReportAction.DecisionUndone,
            ReportAction.Claimed, ReportAction.Released, ReportAction.ClaimLapsed, ReportAction.ReportOverdue])
        .ToDictionary(a => a.Name());

    /// <summary>Those actions, as the ledger spells them.</summary>
    internal static readonly string[] ToldNames = [.. ToldActions.Keys];

    public static async Task<IResult> HandleAsync(
        Guid id,
        PoliceClientAccess client,
        ReportIntakeDbContext database,
        TimeProvider clock,
        HttpResponse response,
        CancellationToken ct)
    {
        if (await FindAsync(id, client, database, ct) is not { } report)
        {
            return ReportErrors.NotFound.ToProblem();
        }

        database.Ledger.Add(LedgerEntry.Write(
            Actor.Police(client.ClientId), LedgerAction, id, null, new Dictionary<string, string> { ["version"] = $"{report.Version}" }, clock.GetUtcNow()));
        await database.SaveChangesAsync(ct);
        response.Headers.ETag = ExpectedVersion.ETag(report.Version).ToString();
        return TypedResults.Ok(report);
    }

    /// <summary>The report as its client may read it, or null where it does not exist for that client. The caller leaves the custody event.</summary>
    internal static async Task<PoliceReport?> FindAsync(Guid id, PoliceClientAccess client, ReportIntakeDbContext database, CancellationToken ct)
    {
        var report = await database.Reports.AsNoTracking().AsSplitQuery().VisibleTo(client)
            .Include(r => r.Subjects).Include(r => r.Indicators).Include(r => r.Messages).Include(r => r.FollowUps)
            .SingleOrDefaultAsync(r => r.Id == id, ct);
        return report is null
            ? null
            : PoliceReport.Of(report, await EvidenceAsync(database, id, ct), await HistoryAsync(database, id, ct), await DuplicatesAsync(database, id, ct));
    }

    private static async Task<List<PoliceReport.EvidenceEntry>> EvidenceAsync(ReportIntakeDbContext database, Guid id, CancellationToken ct)
    {
        var items = await database.Evidence.AsNoTracking().Where(e => e.ReportId == id).OrderBy(e => e.CreatedAt).ThenBy(e => e.Id).ToListAsync(ct);
        return [.. items.Select(e => new PoliceReport.EvidenceEntry(
            e.Id, e.Name, e.MediaType, e.Size, Hex(e.Sha256), Hex(e.Md5), e.State, e.QuarantineReason, e.StoredAt))];
    }

    private static async Task<List<PoliceReport.HistoryEntry>> HistoryAsync(ReportIntakeDbContext database, Guid id, CancellationToken ct)
    {
        var entries = await database.Ledger.AsNoTracking()
            .Where(e => e.ReportId == id && ToldNames.Contains(e.Action)).OrderBy(e => e.At).ThenBy(e => e.Id)
            .ToListAsync(ct);
        var undone = await UndoneDecisions.EntriesAsync(database, id, ct);
        return [.. entries.Where(e => !undone.Contains(e.Id)).Select(e => new PoliceReport.HistoryEntry(
            e.At, ToldActions[e.Action], e.ActorKind, e.ActorKind is ActorKind.PoliceClient ? e.ActorId : null,
            JsonSerializer.Deserialize<Dictionary<string, string>>(e.Details)!))];
    }

    private static Task<List<string>> DuplicatesAsync(ReportIntakeDbContext database, Guid id, CancellationToken ct) =>
        database.Reports.Where(r => r.CanonicalReportId == id && r.UndoUntil == null).OrderBy(r => r.Reference).Select(r => r.Reference).ToListAsync(ct);

    private static string? Hex(byte[]? hash) => hash is null ? null : Convert.ToHexStringLower(hash);
}
