using System.Diagnostics;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Photos of two megapixels and some 200 KB, each another picture to hashes and to eyes: one JPEG whose restart intervals
/// (ISO 10918-1 §E.1.4, each decodable by itself) stand in another order every time. Costs a copy of the bytes.
/// </summary>
internal sealed class LoadPhotos
{
    private const int Width = 1600, Height = 1200;

    /// <summary>MCUs of 16 × 16 pixels in an interval: four intervals to a row.</summary>
    private const int Interval = Width / 16 / 4;

    private const byte Marker = 0xff, FirstRestart = 0xd0, LastRestart = 0xd7, StartOfScan = 0xda;

    private readonly byte[] head;
    private readonly List<byte[]> pieces;

    private LoadPhotos(byte[] head, List<byte[]> pieces) => (this.head, this.pieces) = (head, pieces);

    public static async Task<LoadPhotos> MakeAsync(string directory)
    {
        var (frame, jpeg) = (Path.Combine(directory, "frame.png"), Path.Combine(directory, "photo.jpg"));
        await RunAsync("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", $"mandelbrot=s={Width}x{Height}", "-vf", "noise=alls=6", "-frames:v", "1", frame);
        await RunAsync("vips", "jpegsave", frame, jpeg, "--Q", "83", "--restart-interval", $"{Interval}", "--strip");
        var bytes = await File.ReadAllBytesAsync(jpeg);
        File.Delete(frame);
        File.Delete(jpeg);
        return Cut(bytes);
    }

    public byte[] Next(Random random)
    {
        var order = Enumerable.Range(0, pieces.Count).ToArray();
        random.Shuffle(order);
        var photo = new byte[head.Length + pieces.Sum(p => p.Length + 2)];
        head.CopyTo(photo, 0);
        var at = head.Length;
        for (var i = 0; i < order.Length; i++)
        {
            var piece = pieces[order[i]];
            piece.CopyTo(photo, at);
            at += piece.Length;
            (photo[at], photo[at + 1]) = (Marker, i == order.Length - 1 ? (byte)0xd9 : (byte)(FirstRestart + (i & 7)));
            at += 2;
        }

        return photo;
    }

    private static LoadPhotos Cut(byte[] jpeg)
    {
        var scan = 2;
        while (jpeg[scan + 1] != StartOfScan)
        {
            scan += 2 + LengthAt(scan);
        }

        var begin = scan + 2 + LengthAt(scan);
        var (head, pieces) = (jpeg[..begin], new List<byte[]>());
        for (var i = begin; i + 1 < jpeg.Length; i++)
        {
            if (jpeg[i] == Marker && jpeg[i + 1] is (>= FirstRestart and <= LastRestart) or 0xd9)
            {
                pieces.Add(jpeg[begin..i]);
                begin = i + 2;
            }
        }

        return pieces.Count > 100 ? new LoadPhotos(head, pieces) : throw new InvalidOperationException($"{pieces.Count} restart intervals: this libvips writes none.");

        int LengthAt(int marker) => (jpeg[marker + 2] << 8) | jpeg[marker + 3];
    }

    private static async Task RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{tool} ended with {process.ExitCode}.");
        }
    }
}
