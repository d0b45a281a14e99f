using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.ReadReport;

/// <summary>Which files are on hash lists, negative lists taken into account: what need not be looked at.</summary>
public static class KnownFiles
{
    public static async Task<IReadOnlyList<MatchView>> MatchesAsync(
        ReportIntakeDbContext database, IReadOnlyCollection<Guid> evidenceIds, CancellationToken cancellationToken)
    {
        var matches = await database.Set<MatchRecord>().AsNoTracking()
            .Where(m => evidenceIds.Contains(m.EvidenceId) && !m.Suppressed)
            .Join(database.Set<HashList>(), m => m.HashListId, l => l.Id, (m, l) => new { m.EvidenceId, l.Name, m.Meaning, m.Kind, m.Distance })
            .OrderBy(m => m.EvidenceId).ThenBy(m => m.Name)
            .ToListAsync(cancellationToken);

        // A video's frames may match hundreds of one list's entries: the surest of each list says it.
        return [.. matches.GroupBy(m => (m.EvidenceId, m.Name)).Select(g => g.OrderBy(m => m.Kind).ThenBy(m => m.Distance).First())
            .Select(m => new MatchView(m.EvidenceId, m.Name, m.Meaning.Name(), m.Kind.Name(), m.Distance))];
    }
}
