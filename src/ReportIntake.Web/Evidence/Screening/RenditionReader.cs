using System.Globalization;
using System.Text;
using ReportIntake.Domain;
using ReportIntake.Web.Evidence.Metadata;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// Reads the frames of a <see cref="RenderPlan"/>'s script. A decoder that the file has taken over can write there whatever
/// it likes, so nothing is believed: known names, each once and in order, bounded lengths, the right first bytes, sane numbers.
/// </summary>
internal sealed class RenditionReader(RenderPlan plan, Func<Rendition, Stream, CancellationToken, Task> save)
{
    private const int MaxInfoSize = 1024;
    private const long MaxPictureSize = 8 * 1024 * 1024;
    private const string RawType = "application/octet-stream";
    private const string SheetType = "text/tab-separated-values";
    private const string SheetName = "metadata_sheet";

    /// <summary>Sides of the pixels that a file is recognised by.</summary>
    private const int MaxFrameSide = 512;

    /// <summary>Bytes of one frame of a video.</summary>
    internal const long MaxPixelsSize = MaxFrameSide * MaxFrameSide;

    private readonly HashSet<RenditionKind> saved = [];
    private Dictionary<string, string>? info;

    /// <summary>What was rendered; null where the output was not what the script promises.</summary>
    internal ScreeningOutcome.Rendered? Rendered { get; private set; }

    internal async Task ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        while (await ReadHeaderAsync(output, cancellationToken) is var (name, length))
        {
            if (name == "info" && info is null && length <= MaxInfoSize)
            {
                info = await ReadInfoAsync(output, (int)length, cancellationToken);
            }
            else if (name == SheetName && info is null && saved.Count == 0 && length is > 0 and <= MetadataSheet.MaxTextSize)
            {
                await SaveAsync(RenditionKind.MetadataSheet, SheetType, length, default, output, cancellationToken);
            }
            else if (info is null
                || !EnumNames.TryParse<RenditionKind>(name, out var kind)
                || kind is RenditionKind.MetadataSheet
                || saved.Any(earlier => earlier >= kind)
                || !await SaveAsync(kind, length, output, cancellationToken))
            {
                return;
            }
        }

        if (info is not null && saved.Contains(RenditionKind.WorkingCopy) && saved.Contains(RenditionKind.Thumbnail))
        {
            Rendered = Interpret(info);
        }
    }

    private async Task<bool> SaveAsync(RenditionKind kind, long length, Stream output, CancellationToken cancellationToken)
    {
        if (kind is RenditionKind.Pixels)
        {
            return await SavePixelsAsync(length, output, cancellationToken);
        }

        var (type, limit) = kind is RenditionKind.WorkingCopy ? (plan.WorkingCopyType, plan.MaxWorkingCopySize) : ("image/jpeg", MaxPictureSize);
        if (length > limit)
        {
            return false;
        }

        var head = new byte[(int)Math.Min(length, 64)];
        await output.ReadExactlyAsync(head, cancellationToken);
        if (MediaTypes.Detect(head)?.MediaType != type)
        {
            return false;
        }

        return await SaveAsync(kind, type, length, head, output, cancellationToken);
    }

    private async Task<bool> SaveAsync(
        RenditionKind kind, string type, long length, ReadOnlyMemory<byte> head, Stream output, CancellationToken cancellationToken, FrameShape? shape = null)
    {
        var content = new SectionStream(head, output, length);
        await save(new Rendition(kind, type, length, shape), content, cancellationToken);
        await content.CopyToAsync(Stream.Null, cancellationToken);
        return saved.Add(kind);
    }

    private async Task<bool> SavePixelsAsync(long length, Stream output, CancellationToken cancellationToken)
    {
        var sides = info!.GetValueOrDefault("pixels", "").Split(' ')
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).ToList();
        if (sides is not [> 0 and <= MaxFrameSide, > 0 and <= MaxFrameSide, 1 or 3])
        {
            return false;
        }

        var shape = new FrameShape(sides[0], sides[1], sides[2]);
        if (length <= 0 || length % shape.Size != 0 || length > plan.Limits.Files)
        {
            return false;
        }

        return await SaveAsync(RenditionKind.Pixels, RawType, length, default, output, cancellationToken, shape);
    }

    /// <summary>One line <c>name length</c>; null at the end, and where there is something else.</summary>
    private static async Task<(string Name, long Length)?> ReadHeaderAsync(Stream output, CancellationToken cancellationToken)
    {
        var line = new byte[48];
        for (var i = 0; i < line.Length && await output.ReadAsync(line.AsMemory(i, 1), cancellationToken) == 1; i++)
        {
            if (line[i] == '\n')
            {
                var parts = Encoding.ASCII.GetString(line, 0, i).Split(' ');
                return parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                    ? (parts[0], length)
                    : ("", 0);
            }
        }

        return null;
    }

    private static async Task<Dictionary<string, string>> ReadInfoAsync(Stream output, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await output.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.ASCII.GetString(bytes).Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0]).ToDictionary(pairs => pairs.Key, pairs => pairs.First()[1]);
    }

    private ScreeningOutcome.Rendered? Interpret(Dictionary<string, string> values)
    {
        if (Pixels("width") is not { } width || Pixels("height") is not { } height)
        {
            return null;
        }

        var (duration, copied) = (Seconds("duration"), Seconds("copied"));
        // Containers round; a browser's recording does not know its own duration.
        var shortened = copied is { } seen && (duration is { } whole ? seen < whole - TimeSpan.FromSeconds(1) : false);
        return new ScreeningOutcome.Rendered(
            plan.WorkingCopyType, width, height, duration ?? copied, saved.Contains(RenditionKind.ContactSheet), shortened);

        int? Pixels(string key) =>
            int.TryParse(values.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;

        TimeSpan? Seconds(string key) =>
            double.TryParse(values.GetValueOrDefault(key), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var s)
                && s is >= 0 and < 1e9 ? TimeSpan.FromSeconds(s) : null;
    }
}
