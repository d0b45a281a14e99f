using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Evidence;

public enum EvidenceState
{
    Uploading,
    Stored,
    Screening,
    Available,
    Quarantined,
    Sealed,
    Destroyed,
}

/// <summary>
/// One photo or video, from the first byte on: an upload is an evidence item that belongs to no report yet.
/// The evidentiary copy is byte-identical and never changes; what people look at is the working copy.
/// </summary>
public sealed class EvidenceItem
{
    public const int NameMaxLength = 255;

    /// <summary>Characters of <see cref="SentMetadata"/> and of <see cref="Concatenation"/>: what one field of a database holds everywhere.</summary>
    public const int SentTextMaxLength = 4000;

    private const string Part = "partial";

    /// <summary>Default limit of one file; configuration may set another.</summary>
    public const long DefaultMaxSize = 2L * 1024 * 1024 * 1024;

    /// <summary>Default limit of files in one report; configuration may set another.</summary>
    public const int DefaultMaxPerReport = 20;

    private EvidenceItem()
    {
    }

    public Guid Id { get; private set; }

    /// <summary>SHA-256 of the upload id, which is a capability: whoever reads the database cannot use it.</summary>
    public byte[] UploadKey { get; private set; } = [];

    /// <summary>The report this counts for; null while it is only an upload. A duplicate's evidence counts for the canonical report.</summary>
    public Guid? ReportId { get; private set; }

    /// <summary>The report whose reporter sent it.</summary>
    public Guid? OriginReportId { get; private set; }

    /// <summary>The file's name as sent, for people only: never a path, never a type.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The type the sender declared, until screening has found the type by content.</summary>
    public string MediaType { get; private set; } = "application/octet-stream";

    /// <summary>What the sender told of the file in tus's own words (Upload-Metadata), to be given back as it came; null once a report has the file.</summary>
    public string? SentMetadata { get; private set; }

    /// <summary>
    /// tus's Upload-Concat, to be given back as it came: <c>partial</c> for an upload that is to become a piece of a file,
    /// <c>final;</c> and the addresses of the pieces (dead by then) for a file joined from pieces; null for any other.
    /// </summary>
    public string? Concatenation { get; private set; }

    /// <summary>Bytes; null while the sender has deferred the length.</summary>
    public long? Size { get; private set; }

    public EvidenceState State { get; private set; }

    /// <summary>Why it is quarantined: a permanent code such as <c>undecodable</c>.</summary>
    public string? QuarantineReason { get; private set; }

    /// <summary>SHA-256 of the evidentiary copy, once it is stored.</summary>
    public byte[]? Sha256 { get; private set; }

    /// <summary>MD5 of the evidentiary copy, once screening has begun: hash lists still use it; it proves nothing.</summary>
    public byte[]? Md5 { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When an upload that no report has taken is removed.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? StoredAt { get; private set; }

    /// <summary>Type of the working copy; null while there is none.</summary>
    public string? WorkingCopyType { get; private set; }

    public bool HasThumbnail { get; private set; }

    /// <summary>A video also has sixteen frames on one sheet, looked at before it is played.</summary>
    public bool HasContactSheet { get; private set; }

    public int Version { get; private set; }

    /// <summary>A piece of a file: no report can take it.</summary>
    public bool IsPart => Concatenation == Part;

    /// <summary>Joined from pieces, so whole from its first moment.</summary>
    public bool IsJoined => Concatenation is not null && !IsPart;

    /// <summary>True where a working copy may be shown.</summary>
    public bool IsViewable => State is EvidenceState.Available or EvidenceState.Sealed && WorkingCopyType is not null;

    /// <summary>Starts an upload. <paramref name="size"/> null: the sender will tell it later (tus creation-defer-length).</summary>
    public static EvidenceItem Begin(byte[] uploadKey, string name, string mediaType, long? size, DateTimeOffset now, TimeSpan lifetime) => new()
    {
        Id = Guid.CreateVersion7(now),
        UploadKey = uploadKey,
        Name = name,
        MediaType = mediaType,
        Size = size,
        State = EvidenceState.Uploading,
        CreatedAt = now,
        ExpiresAt = now + lifetime,
    };

    /// <summary>Keeps what the sender said at the beginning, to be given back when asked.</summary>
    public EvidenceItem SentAs(string? metadata, string? concatenation)
    {
        (SentMetadata, Concatenation) = (metadata, concatenation);
        return this;
    }

    /// <summary>Tells the length of an upload that was begun without one.</summary>
    public Result DeclareSize(long size)
    {
        if (State is not EvidenceState.Uploading || (Size is { } known && known != size))
        {
            return EvidenceErrors.SizeAlreadyDeclared;
        }

        Size = size;
        Version++;
        return Result.Success;
    }

    /// <summary>Puts the expiry off: an upload that still grows is not removed.</summary>
    public void Extend(DateTimeOffset now, TimeSpan lifetime)
    {
        ExpiresAt = now + lifetime;
        Version++;
    }

    /// <summary>The last byte has arrived and is durable.</summary>
    public Result Complete(long size, byte[] sha256, DateTimeOffset now)
    {
        if (State is not EvidenceState.Uploading)
        {
            return EvidenceErrors.AlreadyStored;
        }

        (Size, Sha256, StoredAt, State) = (size, sha256, now, EvidenceState.Stored);
        Version++;
        return Result.Success;
    }

    /// <summary>A report takes the upload. Only a stored upload that no report has taken can be.</summary>
    public Result AttachTo(Guid reportId)
    {
        if (ReportId is not null)
        {
            return EvidenceErrors.UploadAlreadyUsed;
        }

        if (IsPart)
        {
            return EvidenceErrors.UploadIsPart;
        }

        if (State is not EvidenceState.Stored)
        {
            return EvidenceErrors.UploadIncomplete;
        }

        (ReportId, OriginReportId, SentMetadata) = (reportId, reportId, null);
        Version++;
        return Result.Success;
    }

    /// <summary>The report it came with was found to be a duplicate, or is one no longer.</summary>
    public void CountFor(Guid reportId)
    {
        ReportId = reportId;
        Version++;
    }

    public void StartScreening(byte[] md5)
    {
        if (State is EvidenceState.Stored)
        {
            (Md5, State) = (md5, EvidenceState.Screening);
            Version++;
        }
    }

    /// <summary>Screening has found what it is and made the copies that people may look at.</summary>
    public void MakeAvailable(string detectedMediaType, string workingCopyType, bool hasThumbnail, bool hasContactSheet)
    {
        if (State is not (EvidenceState.Stored or EvidenceState.Screening))
        {
            return;
        }

        (MediaType, WorkingCopyType, HasThumbnail, HasContactSheet, State) =
            (detectedMediaType, workingCopyType, hasThumbnail, hasContactSheet, EvidenceState.Available);
        Version++;
    }

    /// <summary>It cannot be shown safely: kept, sealed as evidence, never served inline.</summary>
    public void Quarantine(string reason, string? detectedMediaType = null)
    {
        if (State is not (EvidenceState.Stored or EvidenceState.Screening))
        {
            return;
        }

        (QuarantineReason, State) = (reason, EvidenceState.Quarantined);
        MediaType = detectedMediaType ?? MediaType;
        Version++;
    }
}
