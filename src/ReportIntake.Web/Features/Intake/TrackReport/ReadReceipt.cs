using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>What the reporter may know of the report: <c>GET /api/v1/receipt</c> and the status page.</summary>
public static class ReadReceipt
{
    /// <param name="StateText">The state and its reason in the reader's language, in words that are safe to be seen over a shoulder.</param>
    /// <param name="CanWithdraw">For the page only, like the two below: nobody has acted on it yet.</param>
    /// <param name="CanAddMessage">Messages are read.</param>
    /// <param name="CanAddEvidence">More files are taken; for an ended report they open it again, once.</param>
    public sealed record Response(
        string Reference,
        ReportState State,
        string StateText,
        DateTimeOffset SubmittedAt,
        DateTimeOffset UpdatedAt,
        IReadOnlyList<EvidenceLine> Evidence,
        IReadOnlyList<MessageLine> Messages,
        [property: JsonIgnore] bool CanWithdraw,
        [property: JsonIgnore] bool CanAddMessage,
        [property: JsonIgnore] bool CanAddEvidence);

    /// <param name="Size">Bytes.</param>
    /// <param name="Sha256">Lower-case hex; the same that <c>sha256sum</c> gives for the file sent.</param>
    public sealed record EvidenceLine(string Name, string MediaType, long Size, string? Sha256, EvidenceState State);

    public sealed record MessageLine(MessageFrom From, string Text, DateTimeOffset At);

    public sealed class Query(ReportIntakeDbContext database, StateText stateText, ReferralCatalogue destinations)
    {
        public async Task<Response> ReadAsync(Guid reportId, CancellationToken cancellationToken)
        {
            var report = await database.Reports.AsNoTracking().Include(r => r.Messages).SingleAsync(r => r.Id == reportId, cancellationToken);
            report.HideHeldDecision();
            var canonical = report.CanonicalReportId is { } id
                ? await database.Reports.Where(r => r.Id == id).Select(r => (ReportState?)r.State).SingleOrDefaultAsync(cancellationToken)
                : null;
            var evidence = await database.Evidence.AsNoTracking()
                .Where(e => e.OriginReportId == reportId)
                .OrderBy(e => e.CreatedAt).ThenBy(e => e.Id)
                .ToListAsync(cancellationToken);
            return new Response(
                report.Reference,
                report.State,
                string.Join(' ', [stateText.For(report, canonical), .. await ReferralsAsync(reportId, cancellationToken)]),
                report.SubmittedAt,
                report.UpdatedAt,
                [.. evidence.Select(e => new EvidenceLine(e.Name, e.MediaType, e.Size ?? 0, e.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : null, e.State))],
                [.. report.Messages.OrderBy(m => m.At).Select(m => new MessageLine(m.From, m.Text, m.At))],
                report.AllowsWithdrawal,
                report.AllowsMessage,
                report.AllowsEvidence);
        }

        /// <summary>Who else was told, in words for the reporter; not what was only considered or declined.</summary>
        private async Task<IEnumerable<string>> ReferralsAsync(Guid reportId, CancellationToken cancellationToken)
        {
            ReferralState[] told = [ReferralState.Sent, ReferralState.Acknowledged, ReferralState.Closed];
            var codes = await database.Referrals.Where(r => r.ReportId == reportId && told.Contains(r.State)).Select(r => r.Destination).Distinct().ToListAsync(cancellationToken);
            return destinations.Destinations.Where(d => codes.Contains(d.Code)).Select(d => d.ReporterText.ToString());
        }
    }
}
