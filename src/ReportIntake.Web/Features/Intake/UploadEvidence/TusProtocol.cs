using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>The header fields of tus 1.0.0 (https://tus.io/protocols/resumable-upload): their names, and reading them strictly.</summary>
internal static class TusProtocol
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,creation-defer-length,termination,checksum,expiration,concatenation";
    public const string ChecksumAlgorithms = "sha256,sha1,md5";
    /// <summary>Path of the collection; an upload's is this, a slash and its id.</summary>
    public const string Root = "/api/v1/uploads";

    public const string OffsetStream = "application/offset+octet-stream";
    public const int ChecksumMismatchStatus = 460;

    private const string Final = "final;";
    private const int MediaTypeMaxLength = 100;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A number of bytes: digits only.</summary>
    public static bool TryParseBytes(string? text, out long bytes) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);

    /// <summary>The length a creation announces; null where it is told later.</summary>
    public static Result<long?> AnnouncedLength(IHeaderDictionary headers)
    {
        var deferred = headers["Upload-Defer-Length"];
        if (headers.TryGetValue("Upload-Length", out var text))
        {
            return deferred.Count == 0 && TryParseBytes(text, out var length) ? length : UploadErrors.Length;
        }

        return deferred == "1" ? (long?)null : UploadErrors.Length;
    }

    /// <summary>Whether the upload is a part, or a file to be joined; null for an ordinary one.</summary>
    public static Result<Concatenation?> Concat(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue("Upload-Concat", out var header))
        {
            return (Concatenation?)null;
        }

        var text = header.ToString();
        if (text == "partial")
        {
            return new Concatenation(text, []);
        }

        var parts = new List<UploadId>();
        if (!text.StartsWith(Final, StringComparison.Ordinal) || text.Length > EvidenceItem.SentTextMaxLength || headers.ContainsKey("Upload-Length") || headers.ContainsKey("Upload-Defer-Length"))
        {
            return UploadErrors.Concatenation;
        }

        foreach (var address in text[Final.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // The sender's proxy decides what stands before the path, so only the path tells that the part is one of ours.
            var id = address.LastIndexOf('/') + 1;
            if (!address.AsSpan(0, id).EndsWith(Root + "/", StringComparison.Ordinal))
            {
                return UploadErrors.Concatenation;
            }

            if (!UploadId.TryParse(address[id..], out var part))
            {
                return EvidenceErrors.UploadNotFound;
            }

            parts.Add(part);
        }

        return parts.Count > 0 && parts.Distinct().Count() == parts.Count ? new Concatenation(text, parts) : UploadErrors.Concatenation;
    }

    /// <summary>Name and declared type. Both may be missing; keys nobody knows are kept and given back, and otherwise ignored.</summary>
    public static Result<(string Name, string MediaType)> Metadata(string? header)
    {
        if (header?.Length > EvidenceItem.SentTextMaxLength)
        {
            return UploadErrors.Metadata;
        }

        var (name, mediaType) = ("", DefaultMediaType);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split(' ');
            if (parts.Length > 2 || !keys.Add(parts[0]) || !TryDecode(parts.Length == 2 ? parts[1] : "", out var value))
            {
                return UploadErrors.Metadata;
            }

            if (parts[0] == "filename")
            {
                name = CleanName(value);
            }
            else if (parts[0] == "filetype" && value.Length > 0)
            {
                if (!IsMediaType(value))
                {
                    return UploadErrors.Metadata;
                }

                mediaType = value.ToLowerInvariant();
            }
        }

        return (name, mediaType);
    }

    public const string DefaultMediaType = "application/octet-stream";

    /// <summary>Only the essence of a media type, such as <c>image/jpeg</c>.</summary>
    public static bool IsMediaType(string value) =>
        value.Length <= MediaTypeMaxLength && MediaTypeHeaderValue.TryParse(value, out var parsed) && parsed.MediaType == value;

    /// <summary>As it was sent; once a report has the file, only what this service understood of it.</summary>
    public static string FormatMetadata(EvidenceItem item) =>
        item.SentMetadata ?? $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes(item.Name))},filetype {Convert.ToBase64String(Encoding.UTF8.GetBytes(item.MediaType))}";

    /// <summary>
    /// A name that is safe to show: the last part of a path, without control and invisible characters (which can turn
    /// the reading direction round). Too long a name keeps its end, where the file's kind stands.
    /// </summary>
    public static string CleanName(string name)
    {
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            var hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            clean.Append(hidden ? "_" : rune.ToString());
        }

        var excess = Math.Max(0, clean.Length - EvidenceItem.NameMaxLength);
        if (excess > 0 && char.IsLowSurrogate(clean[excess]))
        {
            excess++;
        }

        return clean.ToString(excess, clean.Length - excess);
    }

    /// <summary>The checksum a part came with; null if it came without.</summary>
    public static Result<PartChecksum?> Checksum(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return (PartChecksum?)null;
        }

        var parts = header.Split(' ');
        var expected = new byte[SHA256.HashSizeInBytes];
        HashAlgorithmName? algorithm = parts[0] switch
        {
            "sha256" => HashAlgorithmName.SHA256,
            "sha1" => HashAlgorithmName.SHA1,
            "md5" => HashAlgorithmName.MD5,
            _ => null,
        };
        return parts.Length == 2 && algorithm is { } known && Convert.TryFromBase64String(parts[1], expected, out var length)
            ? PartChecksum.Start(known, expected[..length])
            : UploadErrors.Checksum;
    }

    private static bool TryDecode(string base64, out string value)
    {
        value = "";
        try
        {
            value = StrictUtf8.GetString(Convert.FromBase64String(base64));
            return !base64.Any(char.IsWhiteSpace);
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return false;
        }
    }
}

/// <summary>What Upload-Concat said.</summary>
/// <param name="Text">As sent.</param>
/// <param name="Parts">In the order of the file; empty for an upload that is a part itself.</param>
internal sealed record Concatenation(string Text, IReadOnlyList<UploadId> Parts)
{
    public bool IsPart => Parts.Count == 0;
}

/// <summary>Checks one part of an upload as its bytes go by.</summary>
internal sealed class PartChecksum : IDisposable
{
    private readonly IncrementalHash hash;
    private readonly byte[] expected;

    private PartChecksum(IncrementalHash hash, byte[] expected) => (this.hash, this.expected) = (hash, expected);

    public static PartChecksum Start(HashAlgorithmName algorithm, byte[] expected) => new(IncrementalHash.CreateHash(algorithm), expected);

    public void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    /// <summary>Whether all that was appended has the expected value.</summary>
    public bool Matches() => hash.GetHashAndReset().AsSpan().SequenceEqual(expected);

    public void Dispose() => hash.Dispose();
}
