using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>Refusals of the tus protocol itself. What the evidence refuses stands in <see cref="Domain.Evidence.EvidenceErrors"/>.</summary>
public static class UploadErrors
{
    public static readonly Error VersionNotSupported = new("tus_version_not_supported", ErrorKind.PreconditionFailed, "Only version 1.0.0 of the tus protocol is spoken here; send 'Tus-Resumable: 1.0.0'.");
    public static readonly Error ContentType = new("content_type_not_accepted", ErrorKind.UnsupportedMedia, "The content type of a part of an upload is 'application/offset+octet-stream'.");
    public static readonly Error Offset = new("upload_offset_invalid", ErrorKind.Invalid, "Upload-Offset must be a whole number, 0 or more.");
    public static readonly Error Length = new("upload_length_invalid", ErrorKind.Invalid, "Upload-Length must be a whole number of bytes, or Upload-Defer-Length must be 1; not both.");
    public static readonly Error Metadata = new("upload_metadata_invalid", ErrorKind.Invalid, "Upload-Metadata must be pairs of key and base64 value; 'filename' is UTF-8, 'filetype' a media type.");
    public static readonly Error Checksum = new("upload_checksum_invalid", ErrorKind.Invalid, "Upload-Checksum must be 'sha1', 'sha256' or 'md5', a space, and the base64 value.");
    public static readonly Error OffsetMismatch = new("upload_offset_mismatch", ErrorKind.Conflict, "The upload stands at another offset; ask with HEAD.");
    public static readonly Error Superseded = new("upload_superseded", ErrorKind.Conflict, "A newer request goes on with this upload.");
    public static readonly Error LengthExceeded = new("upload_length_exceeded", ErrorKind.TooLarge, "More bytes came than the upload has room for.");

    /// <summary>Sent with status 460, which only tus knows; see <see cref="TusProtocol.ChecksumMismatchStatus"/>.</summary>
    public static readonly Error ChecksumMismatch = new("upload_checksum_mismatch", ErrorKind.Invalid, "The bytes do not have the checksum that came with them; they were thrown away.");
}
