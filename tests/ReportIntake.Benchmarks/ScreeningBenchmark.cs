using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Goal: a JPEG of 12 megapixels through the real screener in the real sandbox for less than 1.5 s of processor time, all
/// processes counted; beside it a bare vipsthumbnail that only makes the working copy of the same picture.
/// </summary>
internal static class ScreeningBenchmark
{
    private const int Rounds = 7;
    private const double Goal = 1.5;

    public static async Task RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("reportintake-benchmark-").FullName;
        ProcessFigures.AdoptOrphans();
        try
        {
            // Noise, because a drawn picture has less to decode than a photo; made on the spot.
            var path = Path.Combine(directory, "photo.jpg");
            await RunAsync("ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=4032x3024,noise=alls=12", "-frames:v", "1", "-q:v", "3", path);
            var photo = await File.ReadAllBytesAsync(path);
            var options = Options.Create(new ScreeningOptions());
            using var screener = new Screener(new Sandbox(options, TimeProvider.System), options);
            var (screened, bare, seconds) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = -1; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                var ours = await ProcessorSecondsAsync(() => ScreenAsync(screener, photo));
                var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
                var side = options.Value.PhotoSide;
                var theirs = await ProcessorSecondsAsync(() => RunAsync(options.Value.VipsThumbnail, path, "-s", $"{side}x{side}>", "--export-profile", "srgb", "-o", Path.Combine(directory, "copy.jpg[Q=85,strip]")));
                if (round >= 0)
                {
                    screened.Add(ours);
                    bare.Add(theirs);
                    seconds.Add(took);
                }
            }

            var (median, compared) = (Median(screened), Median(bare));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"screening of a JPEG of 12 MP ({photo.Length / 1e6:0.0} MB): {median:0.00} s of processor (goal < {Goal}: {(median < Goal ? "met" : "MISSED")}), {Median(seconds):0.00} s of time; {median / compared:0.0} × a bare vipsthumbnail ({compared:0.00} s of processor)"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task ScreenAsync(Screener screener, byte[] photo)
    {
        var result = await screener.ScreenAsync(_ => Task.FromResult<Stream>(new MemoryStream(photo)), photo.Length, (_, content, ct) => content.CopyToAsync(Stream.Null, ct), CancellationToken.None);
        if (result.Outcome is not ScreeningOutcome.Rendered)
        {
            throw new InvalidOperationException($"The picture was not rendered: {result.Outcome}");
        }
    }

    /// <summary>Of this process and of its children that have ended in the meantime, their own children included.</summary>
    private static async Task<double> ProcessorSecondsAsync(Func<Task> work)
    {
        var before = ProcessFigures.OwnAndChildrensProcessorSeconds();
        await work();
        return ProcessFigures.OwnAndChildrensProcessorSeconds() - before;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }

    private static double Median(IEnumerable<double> figures) => figures.Order().ElementAt(Rounds / 2);
}
