using System.Globalization;
using ReportIntake.Domain;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>Which copy of an evidence item a blob is. The numbers are written into the blobs: never change one.</summary>
public enum BlobKind : byte
{
    /// <summary>The evidentiary copy: byte for byte what was sent.</summary>
    Original = 1,

    /// <summary>Re-encoded and free of metadata: what people look at.</summary>
    WorkingCopy = 2,

    Thumbnail = 3,

    /// <summary>Frames of a video on one sheet.</summary>
    ContactSheet = 4,

    /// <summary>What the file says of itself: for the police, never beside a copy that people look at.</summary>
    MetadataSheet = 5,
}

/// <summary>Names one blob of the evidence store: an evidence item's id and which of its copies.</summary>
public readonly record struct BlobKey(Guid EvidenceId, BlobKind Kind)
{
    public static BlobKey Original(Guid evidenceId) => new(evidenceId, BlobKind.Original);

    public static BlobKey WorkingCopy(Guid evidenceId) => new(evidenceId, BlobKind.WorkingCopy);

    public static BlobKey Thumbnail(Guid evidenceId) => new(evidenceId, BlobKind.Thumbnail);

    /// <summary>Every blob that an evidence item may have.</summary>
    public static IEnumerable<BlobKey> AllOf(Guid evidenceId) => Enum.GetValues<BlobKind>().Select(kind => new BlobKey(evidenceId, kind));

    /// <summary>The key as text that is safe in a file name, an object name and a log: <c>0198…c2.working_copy</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{EvidenceId:n}.{Kind.Name()}");

    public static bool TryParse(ReadOnlySpan<char> text, out BlobKey key)
    {
        key = default;
        var dot = text.IndexOf('.');
        if (dot != 32 || !Guid.TryParseExact(text[..dot], "n", out var id) || !EnumNames.TryParse<BlobKind>(text[(dot + 1)..].ToString(), out var kind))
        {
            return false;
        }

        key = new BlobKey(id, kind);
        return true;
    }
}
