using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReadReport;

/// <summary>One report with all that helps to decide: <c>GET …/reports/{id}</c> and the report's page.</summary>
public sealed class ReportReader(ReportIntakeDbContext database, RelatedReports relatedReports, RuleSet rules)
{
    /// <summary>Newest entries of the history that are read; each look at a file is one.</summary>
    public const int MaxHistory = 1000;

    public async Task<Result<ReportView>> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        var report = await database.Reports.AsNoTracking().AsSplitQuery()
            .Include(r => r.Subjects).Include(r => r.Indicators).Include(r => r.Messages)
            .Include(r => r.Notes).Include(r => r.Votes).Include(r => r.FollowUps)
            .SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
        if (report is null)
        {
            return ReportErrors.NotFound;
        }

        var evidence = await database.Evidence.AsNoTracking().Where(e => e.ReportId == id).OrderBy(e => e.Id).ToListAsync(cancellationToken);
        var ledger = await database.Ledger.AsNoTracking().Where(e => e.ReportId == id)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Take(MaxHistory).ToListAsync(cancellationToken);
        ledger.Reverse();
        var (indicators, related) = await relatedReports.FindAsync(report, evidence, cancellationToken);
        var blind = new BlindReview(report);
        return new ReportView
        {
            Id = report.Id,
            Reference = report.Reference,
            Version = report.Version,
            State = report.State,
            Category = report.Category,
            ChildSafety = report.ChildSafety,
            SubmittedAt = report.SubmittedAt,
            UpdatedAt = report.UpdatedAt,
            DueAt = report.DueAt,
            ClaimedBy = report.ClaimedBy,
            ClaimedUntil = report.ClaimedUntil,
            AwaitingSecondReview = report.AwaitingSecondReview || report.AwaitingSecondRetriage,
            Returned = report.Returned,
            LegalHold = report.LegalHold,
            Disposition = report.Disposition,
            Outcome = report.Outcome,
            DeadlineAt = report.DeadlineAt,
            Language = report.Language,
            Stage = report.Stage,
            Description = report.Description,
            Incident = report.Incident,
            Victim = report.Victim,
            Triage = Explain(report),
            Subjects = [.. report.Subjects.Select(s => new SubjectView(s.Platform, s.Handle, s.Url, s.Phone, s.Note))],
            Indicators = indicators,
            Evidence = [.. evidence.Select(ViewOf)],
            Matches = await KnownFiles.MatchesAsync(database, evidence.ConvertAll(e => e.Id), cancellationToken),
            Related = related,
            Cluster = related.Count > 0 ? await relatedReports.ClusterAsync(id, cancellationToken) : null,
            Messages = [.. report.Messages.OrderBy(m => m.At).Select(m => new MessageView(m.From, m.Text, m.At))],
            Notes = blind.Notes(),
            Votes = blind.Votes(),
            FollowUps = [.. report.FollowUps.OrderBy(f => f.At).Select(f => new FollowUpView(f.Kind, f.ClientId, f.At, f.Text, f.Hazards, f.Impact, f.FurtherAction, f.Outcome, f.Desk))],
            History = blind.History(ledger),
        };
    }

    /// <summary>A rule of an older version may be gone: its id is all that is left to show.</summary>
    private TriageView Explain(Report report)
    {
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
        var hits = report.Assessment.Hits.OrderBy(h => h.Tier).Select(h => new RuleView(h.RuleId, h.Tier, rules.Explain(h.RuleId, language) ?? h.RuleId, h.FactsUsed));
        return new TriageView(report.ProvisionalTier, report.DecidedTier, report.DecidedTierReason, report.Assessment.RuleSetVersion, report.Assessment.EvaluatedAt, [.. hits]);
    }

    private static EvidenceView ViewOf(EvidenceItem item) => new(
        item.Id,
        item.Name,
        item.MediaType,
        item.Size,
        item.State,
        item.Sha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : null,
        item.QuarantineReason,
        item.HasThumbnail && item.IsViewable,
        item.HasContactSheet && item.IsViewable,
        item.IsViewable ? item.WorkingCopyType : null);
}
