namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>What it means that a file is on a list.</summary>
public enum HashListMeaning
{
    KnownAbuseMaterial,

    /// <summary>A negative list: files that other lists match and should not (logos, memes, false alarms).</summary>
    KnownBenign,
}

public enum HashKind
{
    Sha256,
    Md5,
    Pdq,
}

/// <summary>A list of known files from one source.</summary>
public sealed class HashList
{
    public const int NameMaxLength = 200;
    public const int SourceMaxLength = 200;

    /// <summary>Name of the <see cref="Persistence.Counter"/> that moves on with every change of any list: nodes reload by it.</summary>
    public const string Version = "hash_lists";

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required HashListMeaning Meaning { get; init; }

    /// <summary>Who gave it.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One known file, by one of its hashes.</summary>
public sealed class HashListEntry
{
    public required Guid Id { get; init; }

    public required Guid HashListId { get; init; }

    public required HashKind Kind { get; init; }

    /// <summary>32, 16 or 32 bytes.</summary>
    public required byte[] Value { get; init; }

    /// <summary>When it was put out of use: a hash that suddenly matches many files is suspect itself.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When the evidence that was there before it was looked through; null: not yet.</summary>
    public DateTimeOffset? SearchedAt { get; set; }
}

/// <summary>A file that was found on a list.</summary>
public sealed class MatchRecord
{
    public required Guid Id { get; init; }

    public required Guid EvidenceId { get; init; }

    public required Guid EntryId { get; init; }

    public required Guid HashListId { get; init; }

    public required HashListMeaning Meaning { get; init; }

    public required HashKind Kind { get; init; }

    /// <summary>Bits, 0 to 31; 0 for exact hashes.</summary>
    public required int Distance { get; init; }

    /// <summary>A negative list knows the file at least as surely: it counts for nothing.</summary>
    public required bool Suppressed { get; set; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>PDQ of a photo, or of one of a video's sampled frames.</summary>
public sealed class EvidenceFingerprint
{
    public required Guid EvidenceId { get; init; }

    /// <summary>From 0; of a video, which of its sampled frames.</summary>
    public required int Frame { get; init; }

    /// <summary><see cref="Domain.Recognition.PdqHash.ToBytes"/>.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>0 to 100.</summary>
    public required int Quality { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Two files that show the same, whichever came first: what links their reports.</summary>
public sealed class RelatedEvidence
{
    public required Guid EvidenceId { get; init; }

    /// <summary>Was there before.</summary>
    public required Guid EarlierEvidenceId { get; init; }

    /// <summary>Bits between the two frames that are nearest; 0 also for identical files.</summary>
    public required int Distance { get; init; }

    public required DateTimeOffset At { get; init; }
}
