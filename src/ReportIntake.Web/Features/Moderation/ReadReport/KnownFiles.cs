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
            .Join(database.Set<HashList>(), m => m.HashListId, l => l.Id, (m, l) => new { m.EvidenceId, l.Name, m.Meaning, m.Kind })
            .OrderBy(m => m.EvidenceId).ThenBy(m => m.Name)
            .ToListAsync(cancellationToken);
        return matches.ConvertAll(m => new MatchView(m.EvidenceId, m.Name, m.Meaning.Name(), m.Kind.Name()));
    }
}
