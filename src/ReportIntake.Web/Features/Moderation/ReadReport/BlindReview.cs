using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Moderation.ReadReport;

/// <summary>
/// What may be shown of a report's votes, notes and history. The second reviewer decides blind to the first: while a vote
/// is open, it is not shown, nor its trace in the history, nor what its voter noted. Staff are then nameless, all of them:
/// an id missing from one line only, or a claim before the vote, would tell whose it was. This holds for everybody, the
/// voter included; <see cref="Report.AwaitingSecondReview"/> is all that is known.
/// </summary>
internal sealed class BlindReview(Report report)
{
    private static readonly string[] Traces = [ReportAction.RejectionProposed.Name(), ReportAction.RetriageProposed.Name()];
    private static readonly ActorKind[] Outside = [ActorKind.Reporter, ActorKind.System, ActorKind.PoliceClient];
    private readonly List<Vote> open = [.. report.Votes.Where(v => v.Pending)];

    public IReadOnlyList<VoteView> Votes() =>
    [
        .. report.Votes.Where(v => !v.Pending).OrderBy(v => v.At)
            .Select(v => new VoteView(Person(v.VoterKind, v.VoterId), v.Disposition, v.Tier, v.Note, v.At)),
    ];

    public IReadOnlyList<NoteView> Notes() =>
    [
        .. report.Notes.Where(n => !open.Exists(v => v.VoterId == n.AuthorId)).OrderBy(n => n.At)
            .Select(n => new NoteView(Person(n.AuthorKind, n.AuthorId), n.Text, n.At)),
    ];

    public IReadOnlyList<HistoryEntry> History(IEnumerable<LedgerEntry> ledger) =>
    [
        .. ledger.Where(e => !IsTrace(e)).Select(e => new HistoryEntry(e.Action, Person(e.ActorKind, e.ActorId), e.At, e.EvidenceId)),
    ];

    /// <summary>Earlier rounds are settled and stay; the voter's own notes would be counted by their entries.</summary>
    private bool IsTrace(LedgerEntry entry) => open.Exists(v =>
        (Traces.Contains(entry.Action) && entry.At >= v.At)
        || (entry.Action == ReportAction.NoteAdded.Name() && entry.ActorId == v.VoterId));

    private PersonView Person(ActorKind kind, Guid id) =>
        new(kind, id == Guid.Empty || (open.Count > 0 && !Outside.Contains(kind)) ? null : id);
}
