namespace ReportIntake.Domain.Evidence;

public enum MediaKind
{
    Photo,
    Video,
}

/// <summary>One type of file that citizens may send.</summary>
/// <param name="MediaType">IANA media type, lower case, without parameters.</param>
/// <param name="Kind">Decides how its working copy is made.</param>
/// <param name="Extensions">Usual file name endings with their dot, for file pickers only: never evidence of the type.</param>
public sealed record AcceptedMediaType(string MediaType, MediaKind Kind, IReadOnlyList<string> Extensions);

/// <summary>
/// What phones and screen recorders write. Nothing that can carry script, refer to another file or hold an archive:
/// no SVG, HTML, PDF, TIFF, playlists, ZIP.
/// </summary>
public static class AcceptedMedia
{
    public static readonly AcceptedMediaType Jpeg = new("image/jpeg", MediaKind.Photo, [".jpg", ".jpeg"]);
    public static readonly AcceptedMediaType Png = new("image/png", MediaKind.Photo, [".png"]);
    public static readonly AcceptedMediaType Gif = new("image/gif", MediaKind.Photo, [".gif"]);
    public static readonly AcceptedMediaType WebP = new("image/webp", MediaKind.Photo, [".webp"]);
    public static readonly AcceptedMediaType Heic = new("image/heic", MediaKind.Photo, [".heic"]);
    public static readonly AcceptedMediaType Heif = new("image/heif", MediaKind.Photo, [".heif"]);
    public static readonly AcceptedMediaType Avif = new("image/avif", MediaKind.Photo, [".avif"]);
    public static readonly AcceptedMediaType Mp4 = new("video/mp4", MediaKind.Video, [".mp4", ".m4v"]);
    public static readonly AcceptedMediaType QuickTime = new("video/quicktime", MediaKind.Video, [".mov"]);
    public static readonly AcceptedMediaType ThreeGpp = new("video/3gpp", MediaKind.Video, [".3gp"]);
    public static readonly AcceptedMediaType ThreeGpp2 = new("video/3gpp2", MediaKind.Video, [".3g2"]);
    public static readonly AcceptedMediaType WebM = new("video/webm", MediaKind.Video, [".webm"]);
    public static readonly AcceptedMediaType Matroska = new("video/x-matroska", MediaKind.Video, [".mkv"]);

    public static IReadOnlyList<AcceptedMediaType> All { get; } =
        [Jpeg, Png, Gif, WebP, Heic, Heif, Avif, Mp4, QuickTime, ThreeGpp, ThreeGpp2, WebM, Matroska];

    /// <summary>Value of an HTML <c>accept</c> attribute: types and extensions, as browsers know either.</summary>
    public static string AcceptAttribute { get; } =
        string.Join(',', All.Select(t => t.MediaType).Concat(All.SelectMany(t => t.Extensions)));

    public static AcceptedMediaType? Find(string mediaType) =>
        All.FirstOrDefault(t => string.Equals(t.MediaType, mediaType, StringComparison.OrdinalIgnoreCase));
}
