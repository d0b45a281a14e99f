using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Evidence;

/// <summary>Every refusal that evidence knows, with its permanent code.</summary>
public static class EvidenceErrors
{
    public static readonly Error UploadNotFound = new("upload_not_found", ErrorKind.NotFound, "No such upload.");
    public static readonly Error UploadAlreadyUsed = new("upload_already_used", ErrorKind.Conflict, "The upload belongs to a report already.");
    public static readonly Error UploadIncomplete = new("upload_incomplete", ErrorKind.Conflict, "The upload has not arrived whole.");
    public static readonly Error UploadIsPart = new("upload_is_part", ErrorKind.Conflict, "The upload is a piece of a file; join the pieces first.");
    public static readonly Error UploadExpired = new("upload_expired", ErrorKind.Gone, "The upload has expired and was removed.");
    public static readonly Error AlreadyStored = new("upload_complete", ErrorKind.Conflict, "The upload is complete already.");
    public static readonly Error SizeAlreadyDeclared = new("upload_length_known", ErrorKind.Conflict, "The upload's length has been told already.");
    public static readonly Error EmptyFile = new("file_empty", ErrorKind.Invalid, "The file is empty.");
    public static readonly Error UnsupportedMediaType = new("media_type_not_accepted", ErrorKind.UnsupportedMedia, "The file is not a photo or video of an accepted type.");
    public static readonly Error StorageFull = new("storage_full", ErrorKind.InsufficientStorage, "There is no room for the file now. Nothing was registered.");
    public static readonly Error StorageUnavailable = new("storage_unavailable", ErrorKind.Unavailable, "The evidence store is away. What had arrived is kept; go on from there shortly.");
    public static readonly Error NotFound = new("evidence_not_found", ErrorKind.NotFound, "No such evidence item.");
    public static readonly Error NotViewable = new("evidence_not_viewable", ErrorKind.Conflict, "The item has no working copy that may be shown.");
    public static readonly Error KnownFile = new("known_file", ErrorKind.Conflict, "The file is on a list of known files: it need not be looked at.");

    public static Error TooLarge(long maxBytes) => new("file_too_large", ErrorKind.TooLarge, $"A file may have {maxBytes} bytes at most.")
    {
        Arguments = new Dictionary<string, string> { ["maxBytes"] = maxBytes.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    public static Error TooMany(int max) => new("too_many_files", ErrorKind.Invalid, $"A report may have {max} files at most.")
    {
        Arguments = new Dictionary<string, string> { ["max"] = max.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };
}
