using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Reports;

public enum MessageFrom
{
    Reporter,
    Moderator,
    Police,
}

/// <summary>One message between the reporter and those who work on the report; the reporter reads it with the receipt.</summary>
public sealed record Message(Guid Id, MessageFrom From, string Text, DateTimeOffset At)
{
    public const int TextMaxLength = 5_000;
}

/// <summary>An internal remark of the moderators; neither reporter nor police see it.</summary>
public sealed record Note(Guid Id, ActorKind AuthorKind, Guid AuthorId, string Text, DateTimeOffset At)
{
    public const int TextMaxLength = 5_000;
}

/// <summary>A vote where two people are needed. Nobody but its voter learns of it before it is settled.</summary>
public sealed class Vote
{
    private Vote()
    {
    }

    internal Vote(Actor voter, Disposition? disposition, Tier? tier, string? note, DateTimeOffset at)
    {
        Id = Guid.NewGuid();
        (VoterKind, VoterId, Disposition, Tier, Note, At, Pending) = (voter.Kind, voter.Id, disposition, tier, note, at, true);
    }

    public Guid Id { get; private set; }

    public ActorKind VoterKind { get; private set; }

    public Guid VoterId { get; private set; }

    /// <summary>Given where the vote is to reject.</summary>
    public Disposition? Disposition { get; private set; }

    /// <summary>Given where the vote is to leave <see cref="Triage.Tier.Immediate"/>.</summary>
    public Tier? Tier { get; private set; }

    public string? Note { get; private set; }

    public DateTimeOffset At { get; private set; }

    /// <summary>True until the second person has decided.</summary>
    public bool Pending { get; private set; }

    internal void Settle() => Pending = false;

    /// <summary>The decision that settled it was undone.</summary>
    internal void Open() => Pending = true;
}
