using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence.Screening.Malware;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>Section <c>Evidence:Screening</c>. Sizes in bytes, times in seconds.</summary>
public sealed class ScreeningOptions
{
    public const string Section = "Evidence:Screening";

    private const long MiB = 1024 * 1024;

    /// <summary>Files screened at once. Each may take <see cref="MaxMemory"/> and, in memory too, twice its own size at worst.</summary>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>
    /// From this size on, files are screened one at a time: a file lies in the sandbox's memory while it is screened, and
    /// two of 2 GiB would need 4.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long LargeFileSize { get; set; } = 256 * MiB;

    /// <summary>Larger files are kept as evidence and get no working copy.</summary>
    [Range(1, long.MaxValue)]
    public long MaxSize { get; set; } = EvidenceItem.DefaultMaxSize;

    /// <summary>Address space of each process in the sandbox.</summary>
    [Range(256 * MiB, long.MaxValue)]
    public long MaxMemory { get; set; } = 2048 * MiB;

    /// <summary>Processes and threads in one sandbox.</summary>
    [Range(16, 4096)]
    public int MaxProcesses { get; set; } = 96;

    /// <summary>Pixels of a photo, or of one frame of a video. Phones reach 200 million in their largest mode; nearly none use it.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxPixels { get; set; } = 100_000_000;

    /// <summary>Longest side of a photo's working copy, pixels.</summary>
    [Range(64, 16384)]
    public int PhotoSide { get; set; } = 2560;

    /// <summary>Longest side of a video's working copy, pixels.</summary>
    [Range(64, 4096)]
    public int VideoSide { get; set; } = 1280;

    /// <summary>Longest side of a thumbnail, pixels.</summary>
    [Range(16, 1024)]
    public int ThumbnailSide { get; set; } = 320;

    /// <summary>How much of a video the working copy shows; the evidentiary copy stays whole.</summary>
    [Range(1, 24 * 3600)]
    public int VideoSeconds { get; set; } = 30 * 60;

    /// <summary>Frames of a video that it is recognised by: one a second, or fewer of a longer one. Each takes 256 KiB of memory.</summary>
    [Range(1, 3600)]
    public int VideoFrames { get; set; } = 240;

    /// <summary>Largest working copy of a video. At 2 Mbit/s half an hour has 470 MB.</summary>
    [Range(MiB, long.MaxValue)]
    public long MaxVideoCopySize { get; set; } = 640 * MiB;

    [Range(1, 3600)]
    public int PhotoTimeout { get; set; } = 60;

    [Range(1, 24 * 3600)]
    public int VideoTimeout { get; set; } = 60 * 60;

    /// <summary>
    /// Where clamd listens: <c>host:port</c> or the path of its socket. Empty: files are not scanned for malware. Where it is
    /// set, no file becomes viewable that clamd has not seen.
    /// </summary>
    public string? Clamd { get => string.IsNullOrEmpty(field) ? null : field; set; }

    /// <summary>Bytes of a file that are sent to clamd at most; not more than its own <c>StreamMaxLength</c>, whose default this is.</summary>
    [Range(MiB, uint.MaxValue)]
    public long ClamdStreamMaxLength { get; set; } = 25 * MiB;

    /// <summary>How long clamd may take for one step: to take a chunk, and to answer in the end.</summary>
    [Range(1, 3600)]
    public int ClamdTimeout { get; set; } = 120;

    /// <summary>User and group that the tools run as where the service itself is root, as in a container. By default nobody.</summary>
    [Range(1, int.MaxValue)]
    public int UnprivilegedId { get; set; } = 65534;

    [Required]
    public string Bubblewrap { get; set; } = "/usr/bin/bwrap";

    [Required]
    public string Ffmpeg { get; set; } = "/usr/bin/ffmpeg";

    [Required]
    public string Ffprobe { get; set; } = "/usr/bin/ffprobe";

    [Required]
    public string VipsHeader { get; set; } = "/usr/bin/vipsheader";

    [Required]
    public string VipsThumbnail { get; set; } = "/usr/bin/vipsthumbnail";

    [Required]
    public string Vips { get; set; } = "/usr/bin/vips";

    /// <summary>Paths the tools may read beyond <c>/usr/bin</c> and <c>/usr/lib</c>, where they are installed elsewhere.</summary>
    public IList<string> ReadOnlyPaths { get; } = [];
}

/// <summary>What no attribute says. Not IValidatableObject, which is asked only after every attribute has agreed: all mistakes are told at once.</summary>
internal sealed class ScreeningOptionsValidator : IValidateOptions<ScreeningOptions>
{
    public ValidateOptionsResult Validate(string? name, ScreeningOptions options)
    {
        var mistakes = new List<string>();
        if (!string.IsNullOrEmpty(options.Clamd) && ClamdAddress.Parse(options.Clamd) is null)
        {
            mistakes.Add($"{ScreeningOptions.Section}:Clamd is '{options.Clamd}'; it must be host:port or the absolute path of clamd's socket.");
        }

        string[] paths = [options.Bubblewrap, options.Ffmpeg, options.Ffprobe, options.VipsHeader, options.VipsThumbnail, options.Vips, .. options.ReadOnlyPaths];
        foreach (var path in paths.Where(p => !Path.IsPathRooted(p) || p == "/"))
        {
            mistakes.Add($"{ScreeningOptions.Section}: '{path}' must be an absolute path of a program or folder.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
