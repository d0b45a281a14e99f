namespace ReportIntake.Web.Evidence.Screening;

public enum RenditionKind
{
    /// <summary>Lines of <see cref="Metadata.MetadataSheet.ReadLines"/>. Made before any decoder runs, so it is there for a refused file too.</summary>
    MetadataSheet,
    Thumbnail,
    ContactSheet,
    WorkingCopy,

    /// <summary>What the file is recognised by: raw pixels of the original, never shown and never kept.</summary>
    Pixels,
}

/// <summary>A copy made for people to look at: re-encoded from pixels and samples, without metadata.</summary>
/// <param name="MediaType"><c>image/jpeg</c>, or <c>video/mp4</c> for a video's working copy.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Shape">Only of <see cref="RenditionKind.Pixels"/>; the length is a multiple of a frame's.</param>
public sealed record Rendition(RenditionKind Kind, string MediaType, long Length, FrameShape? Shape = null);

/// <summary>Frames of 8 bits a channel, one after the other, without padding.</summary>
/// <param name="Channels">1 (luminance, a video) or 3 (red, green, blue: a photo, one frame).</param>
public sealed record FrameShape(int Width, int Height, int Channels)
{
    /// <summary>Bytes of a frame.</summary>
    public int Size => Width * Height * Channels;
}

/// <summary>Why there is no working copy. The name in snake_case is a permanent code.</summary>
public enum RefusalReason
{
    UnsupportedType,
    Undecodable,
    TooManyPixels,
    TooLarge,
    TimedOut,

    /// <summary>The malware scanner has found something in it.</summary>
    Malware,
}

/// <param name="DetectedMediaType">By content; null where it is none of the accepted types.</param>
public sealed record ScreeningResult(string? DetectedMediaType, ScreeningOutcome Outcome);

public abstract record ScreeningOutcome
{
    private ScreeningOutcome()
    {
    }

    /// <summary>A working copy and a thumbnail were saved.</summary>
    /// <param name="Width">Of the original as it is meant to be seen, pixels.</param>
    /// <param name="Height">As <paramref name="Width"/>.</param>
    /// <param name="Duration">Of a video, as it says itself, otherwise of the working copy; null for a photo.</param>
    /// <param name="HasContactSheet">Videos and pictures of several pages also get sixteen frames on one sheet.</param>
    /// <param name="IsShortened">The working copy ends before the video does.</param>
    public sealed record Rendered(string WorkingCopyType, int Width, int Height, TimeSpan? Duration, bool HasContactSheet, bool IsShortened)
        : ScreeningOutcome;

    /// <summary>No copy may be shown. Whatever was saved before is to be thrown away, but for the metadata sheet.</summary>
    public sealed record Refused(RefusalReason Reason) : ScreeningOutcome;
}
