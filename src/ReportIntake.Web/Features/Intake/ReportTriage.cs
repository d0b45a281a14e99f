using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Intake;

/// <summary>Gathers what the rules need to know of a report and asks them.</summary>
public sealed class ReportTriage(ReportIntakeDbContext database, ReportClusters clusters, RuleSet rules)
{
    /// <summary>Of a report that is being filed.</summary>
    public async Task<Assessment> AssessAsync(ReportFacts facts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var indicators = facts.Subjects.SelectMany(s => s.Indicators()).ToList();
        return rules.Evaluate(new TriageFacts
        {
            Category = facts.Category,
            ChildSafety = facts.ChildSafety,
            AgeBand = facts.Victim.AgeBand,
            DangerNow = facts.Victim.DangerNow,
            VictimIsReporter = facts.Victim.IsReporter,
            Stage = facts.Stage,
            OccurredFrom = facts.Incident.OccurredFrom,
            OccurredTo = facts.Incident.OccurredTo,
            Ongoing = facts.Incident.Ongoing,
            ExpectedAt = facts.Incident.ExpectedAt,
            Texts = [.. facts.Subjects.Select(s => s.Note).Append(facts.Description).Append(facts.Incident.Place).OfType<string>()],
            IndicatorKinds = [.. indicators.Select(i => i.Kind.Name()).Distinct()],
            IndependentReportsOfIndicator = await clusters.SourcesWithAsync(indicators, facts.Description, cancellationToken),
            EvaluatedAt = now,
        });
    }

    /// <summary>Of a report that is there, with what has come since: the reporter's later messages count as its text.</summary>
    public async Task<Assessment> AssessAsync(Report report, DateTimeOffset now, CancellationToken cancellationToken) =>
        rules.Evaluate(new TriageFacts
        {
            Category = report.Category,
            ChildSafety = report.ChildSafety,
            AgeBand = report.Victim.AgeBand,
            DangerNow = report.Victim.DangerNow,
            VictimIsReporter = report.Victim.IsReporter,
            Stage = report.Stage,
            OccurredFrom = report.Incident.OccurredFrom,
            OccurredTo = report.Incident.OccurredTo,
            Ongoing = report.Incident.Ongoing,
            ExpectedAt = report.Incident.ExpectedAt,
            Texts =
            [
                .. report.Subjects.Select(s => s.Note).Append(report.Description).Append(report.Incident.Place).OfType<string>(),
                .. report.Messages.Where(m => m.From is MessageFrom.Reporter).Select(m => m.Text),
            ],
            IndicatorKinds = [.. report.Indicators.Select(i => i.Kind.Name()).Distinct()],
            IndependentReportsOfIndicator = (await clusters.OfAsync(report.Id, cancellationToken)).IndependentSources,
            HashListMatches = await MatchedListsAsync(report.Id, cancellationToken),
            EvaluatedAt = now,
        });

    /// <summary>Meanings of the lists of illegal files that the report's files are on.</summary>
    private async Task<IReadOnlyList<string>> MatchedListsAsync(Guid report, CancellationToken cancellationToken)
    {
        var meanings = await (
            from match in database.Set<MatchRecord>()
            join item in database.Evidence on match.EvidenceId equals item.Id
            where item.ReportId == report && !match.Suppressed && match.Meaning != HashListMeaning.KnownBenign
            select match.Meaning).Distinct().ToListAsync(cancellationToken);
        return [.. meanings.Select(m => m.Name()).Order(StringComparer.Ordinal)];
    }
}
