using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>Refusals of the upload protocols themselves. What the evidence refuses stands in <see cref="Domain.Evidence.EvidenceErrors"/>.</summary>
public static class UploadErrors
{
    public static readonly Error VersionNotSupported = new("tus_version_not_supported", ErrorKind.PreconditionFailed, "Only version 1.0.0 of the tus protocol is spoken here; send 'Tus-Resumable: 1.0.0'.");
    public static readonly Error ContentType = new("content_type_not_accepted", ErrorKind.UnsupportedMedia, "The content type of a part of an upload is 'application/offset+octet-stream' in tus, 'application/partial-upload' in the draft of the IETF.");
    public static readonly Error Offset = new("upload_offset_invalid", ErrorKind.Invalid, "Upload-Offset must be a whole number, 0 or more.");
    public static readonly Error Length = new("upload_length_invalid", ErrorKind.Invalid, "Upload-Length must be a whole number of bytes, or Upload-Defer-Length must be 1; not both.");
    public static readonly Error Metadata = new("upload_metadata_invalid", ErrorKind.Invalid, "Upload-Metadata must be pairs of key and base64 value; 'filename' is UTF-8, 'filetype' a media type.");
    public static readonly Error Checksum = new("upload_checksum_invalid", ErrorKind.Invalid, "Upload-Checksum must be 'sha1', 'sha256' or 'md5', a space, and the base64 value.");
    public static readonly Error OffsetMismatch = new("upload_offset_mismatch", ErrorKind.Conflict, "The upload stands at another offset; ask with HEAD.");
    public static readonly Error Superseded = new("upload_superseded", ErrorKind.Conflict, "A newer request goes on with this upload.");
    public static readonly Error LengthExceeded = new("upload_length_exceeded", ErrorKind.TooLarge, "More bytes came than the upload has room for.");

    public static readonly Error Concatenation = new("upload_concat_invalid", ErrorKind.Invalid, "Upload-Concat must be 'partial', or 'final;' and the addresses of its parts, none twice, without Upload-Length or a body.");
    public static readonly Error NotAPart = new("upload_not_a_part", ErrorKind.Conflict, "The upload was not begun with 'Upload-Concat: partial', so it cannot be joined.");
    public static readonly Error PartsUnfinished = new("upload_parts_unfinished", ErrorKind.Conflict, "A part has not arrived whole yet.");
    public static readonly Error Final = new("upload_final", ErrorKind.Forbidden, "A joined file is whole; nothing can be added to it.");
    public static readonly Error Completeness = new("upload_completeness_invalid", ErrorKind.Invalid, "Upload-Complete must be '?0' or '?1'.");
    public static readonly Error LengthInconsistent = new("upload_length_inconsistent", ErrorKind.Invalid, "The lengths told for this upload contradict each other.");

    /// <summary>Sent with status 460, which only tus knows; see <see cref="TusProtocol.ChecksumMismatchStatus"/>.</summary>
    public static readonly Error ChecksumMismatch = new("upload_checksum_mismatch", ErrorKind.Invalid, "The bytes do not have the checksum that came with them; they were thrown away.");
}
