using System.Globalization;
using Microsoft.Extensions.Options;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Benchmarks;

/// <summary>Processor time of screening a 12-megapixel photo, all in: sandbox, metadata, copies, pixels to recognise it by.</summary>
internal static class ScreenBenchmark
{
    private const int Runs = 5;

    /// <summary>USER_HZ of Linux on every machine that .NET runs on.</summary>
    private const double TicksPerMillisecond = 0.1;

    public static void Run()
    {
        var photo = Media.WithExif(Media.JpegAsync(4032, 3024).GetAwaiter().GetResult(), orientation: 6);
        var folder = Directory.CreateTempSubdirectory("screen-");
        try
        {
            var file = Path.Combine(folder.FullName, "p.jpg");
            File.WriteAllBytes(file, photo);

            // What any screening must do at least: decode the photo and encode it again once, at its full size.
            var copying = Median(() => Media.RunAsync("vips", "copy", file, Path.Combine(folder.FullName, "copy.jpg")));
            Measured.Print("Screening a 12 MP photo, processor time", Median(() => ScreenAsync(photo)), 1500, "decoding and encoding it once", copying);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task ScreenAsync(byte[] photo)
    {
        var options = Options.Create(new ScreeningOptions());
        using var screener = new Screener(new Sandbox(options, TimeProvider.System), options);
        var result = await screener.ScreenAsync(
            new MemoryStream(photo), photo.Length, (_, content, cancellationToken) => content.CopyToAsync(Stream.Null, cancellationToken), CancellationToken.None);
        if (result.Outcome is not ScreeningOutcome.Rendered)
        {
            throw new InvalidOperationException($"The photo was not screened: {result.Outcome}.");
        }
    }

    /// <summary>Processor time, milliseconds, of this process and of children that have ended.</summary>
    private static double Median(Func<Task> run)
    {
        var times = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var before = Spent();
            run().GetAwaiter().GetResult();
            times[i] = Spent() - before;
        }

        Array.Sort(times);
        return times[Runs / 2];
    }

    private static double Spent()
    {
        // proc(5): utime, stime, cutime, cstime are fields 14 to 17, counted from the first; the second, in brackets, may have blanks.
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ');
        return fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) / TicksPerMillisecond;
    }
}
