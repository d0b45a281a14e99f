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
    private static readonly string Undone = ReportAction.DecisionUndone.Name();
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

    public IReadOnlyList<HistoryEntry> History(IReadOnlyList<LedgerEntry> ledger) =>
    [
        .. ledger.Where((e, place) => !IsTrace(e) && !(open.Count > 0 && IsUndoneTrace(ledger, place))).Select(e => new HistoryEntry(e.Action, Person(e.ActorKind, e.ActorId), e.At, e.EvidenceId)),
    ];

    /// <summary>Earlier rounds are settled and stay; the voter's own notes would be counted by their entries.</summary>
    private bool IsTrace(LedgerEntry entry) => open.Exists(v =>
        (Traces.Contains(entry.Action) && entry.At >= v.At)
        || (entry.Action == ReportAction.NoteAdded.Name() && entry.ActorId == v.VoterId));

    /// <summary>A vote that was taken back, and its end: who voted, undid and voted again would be told by them. Another decision's end stays out with them, which tells nothing.</summary>
    private static bool IsUndoneTrace(IReadOnlyList<LedgerEntry> ledger, int place) =>
        ledger[place].Action == Undone
        || (Traces.Contains(ledger[place].Action) && ledger.Skip(place + 1).FirstOrDefault(e => e.Action == Undone || Traces.Contains(e.Action))?.Action == Undone);

    private PersonView Person(ActorKind kind, Guid id) =>
        new(kind, id == Guid.Empty || (open.Count > 0 && !Outside.Contains(kind)) ? null : id);
}
