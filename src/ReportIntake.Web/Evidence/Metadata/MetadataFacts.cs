using System.Globalization;

namespace ReportIntake.Web.Evidence.Metadata;

/// <summary>
/// The few properties that help to judge a file and lead to nobody: what it is, and when and by what model it was made. No
/// place, no serial number, no owner, no free text. The keys are permanent.
/// </summary>
public static class MetadataFacts
{
    public const string Width = "width";
    public const string Height = "height";

    /// <summary>Seconds, of a video.</summary>
    public const string Duration = "duration_seconds";

    /// <summary><c>clean</c>, <c>found</c>, <c>partial</c> (only its first bytes were scanned) or <c>not_scanned</c>; absent where no scanner is configured.</summary>
    public const string MalwareScan = "malware_scan";

    /// <summary>Bytes from the beginning that the scanner has seen, where not all.</summary>
    public const string MalwareScannedBytes = "malware_scanned_bytes";

    /// <summary>The scanner's name for what it found.</summary>
    public const string MalwareSignature = "malware_signature";

    private const string CameraMake = "camera_make";
    private const string CameraModel = "camera_model";

    /// <summary>As the device's clock said: with an offset where the file tells one (a video's is UTC), otherwise without.</summary>
    private const string TakenAt = "taken_at";

    private const int MaxLength = 100;

    /// <summary>By directory (its beginning) and name; the first that is there counts.</summary>
    private static readonly (string Fact, string Directory, string Name)[] Sources =
    [
        (CameraMake, "Exif IFD0", "Make"),
        (CameraMake, "Format", "tags.com.apple.quicktime.make"),
        (CameraMake, "Format", "tags.com.android.manufacturer"),
        (CameraModel, "Exif IFD0", "Model"),
        (CameraModel, "Format", "tags.com.apple.quicktime.model"),
        (CameraModel, "Format", "tags.com.android.model"),
        (TakenAt, "Exif SubIFD", "Date/Time Original"),
        (TakenAt, "Format", "tags.creation_time"),
    ];

    /// <summary>What of the properties may be shown to moderators.</summary>
    public static Dictionary<string, string> Of(IReadOnlyList<MetadataProperty> properties)
    {
        var facts = new Dictionary<string, string>();
        foreach (var (fact, directory, name) in Sources)
        {
            if (properties.FirstOrDefault(p => p.Name == name && p.Directory.StartsWith(directory, StringComparison.Ordinal)) is { } found)
            {
                Add(fact, found.Value);
            }
        }

        foreach (var stream in properties.Where(p => p.Directory.StartsWith("Stream ", StringComparison.Ordinal)).GroupBy(p => p.Directory))
        {
            var kind = Value(stream, "codec_type");
            if (kind is "video" or "audio" && Value(stream, "codec_name") is { } codec)
            {
                Add($"{kind}_codec", codec);
            }

            if (kind is "video" && FrameRate(Value(stream, "avg_frame_rate")) is { } rate)
            {
                Add("frame_rate", rate);
            }
        }

        return facts;

        void Add(string fact, string value) => facts.TryAdd(fact, fact is TakenAt ? Moment(value) : MetadataSheet.Clean(value, MaxLength));
    }

    private static string? Value(IEnumerable<MetadataProperty> properties, string name) => properties.FirstOrDefault(p => p.Name == name)?.Value;

    /// <summary>EXIF 2.32 §4.6.5 writes "2026:11:20 21:14:06"; ffprobe writes ISO 8601.</summary>
    private static string Moment(string text)
    {
        if (DateTime.TryParseExact(text, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return local.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
            : MetadataSheet.Clean(text, 40);
    }

    /// <summary>ffprobe writes fractions: 30000/1001.</summary>
    private static string? FrameRate(string? text) =>
        text?.Split('/') is [var above, var below] && double.TryParse(above, CultureInfo.InvariantCulture, out var n)
            && double.TryParse(below, CultureInfo.InvariantCulture, out var d) && d > 0 && n > 0
            ? (n / d).ToString("0.##", CultureInfo.InvariantCulture)
            : null;
}
