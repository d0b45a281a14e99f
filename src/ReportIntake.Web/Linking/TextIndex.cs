using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Linking;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Linking;

/// <summary>
/// Finds reports by their words though the words are sealed: <see cref="TextTerm"/> says how. Which words there are is
/// decided by <see cref="SearchTerms"/>; when that changes, what is there must be indexed anew.
/// </summary>
public sealed class TextIndex(ReportIntakeDbContext database)
{
    /// <summary>Near-same reports that one is compared with. Copies beyond that are linked by way of one another.</summary>
    public const int MaxCompared = 50;

    private const string WordColumn = "TextTerms.Term";
    private const string BandColumn = "TextTerms.Band";

    /// <summary>What a word is kept as.</summary>
    public long TermOf(string word) => database.LookupNumber(WordColumn, word);

    /// <summary>Adds what is not there yet; not saved. The report has its subjects and messages.</summary>
    public async Task IndexAsync(Report report, CancellationToken cancellationToken)
    {
        if (await database.Set<ReportText>().SingleOrDefaultAsync(t => t.ReportId == report.Id, cancellationToken) is not { } text)
        {
            database.Add(text = new ReportText { ReportId = report.Id });
            await database.SaveChangesAsync(cancellationToken); // gives it its number
        }

        var terms = TermsOf(report);
        var there = await database.Set<TextTerm>().Where(t => t.TextId == text.Id && terms.Contains(t.Term)).Select(t => t.Term).ToListAsync(cancellationToken);
        database.AddRange(terms.Except(there).Select(term => new TextTerm { Term = term, TextId = text.Id }));
    }

    /// <summary>Links the report with those of a near-same description; not saved.</summary>
    public async Task LinkAsync(Report report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (TextShingles.Of(report.Description) is not { IsTelling: true } own)
        {
            return;
        }

        var bands = BandsOf(own);
        var met = await database.Set<TextTerm>().Where(t => bands.Contains(t.Term))
            .Join(database.Set<ReportText>(), t => t.TextId, t => t.Id, (term, text) => text)
            .Where(t => t.ReportId != report.Id)
            .GroupBy(t => new { t.Id, t.ReportId }).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key.Id)
            .Select(g => g.Key.ReportId).Take(MaxCompared).ToListAsync(cancellationToken);
        var linked = await database.Set<RelatedText>().Where(r => r.ReportId == report.Id || r.EarlierReportId == report.Id)
            .Select(r => r.ReportId == report.Id ? r.EarlierReportId : r.ReportId).ToListAsync(cancellationToken);
        var unseen = met.Except(linked).ToList();
        var others = await database.Reports.Where(r => unseen.Contains(r.Id)).Select(r => new { r.Id, r.Description }).ToListAsync(cancellationToken);
        foreach (var other in others)
        {
            if (TextShingles.Of(other.Description) is { IsTelling: true } text && own.LikenessTo(text) is >= TextShingles.NearSame and var likeness)
            {
                database.Add(new RelatedText { ReportId = report.Id, EarlierReportId = other.Id, Likeness = (int)(likeness * 100), At = now });
            }
        }
    }

    /// <summary>Takes every trace of a report's words away, at once.</summary>
    /// <param name="terms">Its <see cref="TermsOf"/>, taken while it had its words: no index leads from a report to them.</param>
    public async Task RemoveAsync(Guid report, IReadOnlyList<long> terms, CancellationToken cancellationToken)
    {
        await database.Set<RelatedText>().Where(r => r.ReportId == report || r.EarlierReportId == report).ExecuteDeleteAsync(cancellationToken);
        if (await database.Set<ReportText>().AsNoTracking().SingleOrDefaultAsync(t => t.ReportId == report, cancellationToken) is { } text)
        {
            await database.Set<TextTerm>().Where(t => t.TextId == text.Id && terms.Contains(t.Term)).ExecuteDeleteAsync(cancellationToken);
            await database.Set<ReportText>().Where(t => t.Id == text.Id).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>All that a report is kept as among <see cref="TextTerm"/>s.</summary>
    public IReadOnlyList<long> TermsOf(Report report)
    {
        var words = SearchTerms.Of(WordsOf(report)).Select(TermOf);
        var bands = TextShingles.Of(report.Description) is { IsTelling: true } text ? BandsOf(text) : [];
        return [.. words.Concat(bands).Distinct()];
    }

    /// <summary>What the reporter wrote.</summary>
    private static IEnumerable<string> WordsOf(Report report) =>
    [
        .. new[] { report.Description, report.Incident.Place }.Concat(report.Subjects.Select(s => s.Note)).OfType<string>(),
        .. report.Messages.Where(m => m.From is MessageFrom.Reporter).OrderBy(m => m.At).Select(m => m.Text),
    ];

    private IReadOnlyList<long> BandsOf(TextShingles text) =>
        [.. TextSignature.BandsOf(text.Runs).Select(band => database.LookupNumber(BandColumn, BitConverter.GetBytes(band)))];
}
