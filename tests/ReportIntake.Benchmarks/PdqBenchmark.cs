using ReportIntake.Domain.Recognition;

namespace ReportIntake.Benchmarks;

/// <summary>PDQ of decoded pictures. Meta's C++ takes 3.7 to 4.1 ms for 12 megapixels on a machine like those of the goals.</summary>
internal static class PdqBenchmark
{
    public static void Run()
    {
        const int Width = 4032;
        const int Height = 3024;
        var colour = new byte[Width * Height * 3];
        new Random(1).NextBytes(colour);
        var grey = colour[..(Width * Height)];
        var sink = 0L;

        // What any implementation must do at least that looks at every pixel of a picture.
        var reading = Measured.Median(30, _ =>
        {
            foreach (var value in grey)
            {
                sink += value;
            }
        });
        Print("PDQ of a photo, 12 MP, colour", 6, () => Pdq.OfPhoto(new Pixels(colour, Width, Height, 3)));
        Print("PDQ of a photo, 12 MP, luminance", 6, () => Pdq.OfPhoto(new Pixels(grey, Width, Height, 1)));
        Print("PDQ of a photo, 512 × 512, colour", null, () => Pdq.OfPhoto(new Pixels(colour.AsSpan(0, 512 * 512 * 3), 512, 512, 3)));
        Print("PDQ of a video's frame, 1920 × 1080, colour", null, () => Pdq.OfFrame(new Pixels(colour.AsSpan(0, 1920 * 1080 * 3), 1920, 1080, 3)));
        Print("PDQ of every pixel of 12 MP, luminance (not resized)", null, () => Pdq.OfFrame(new Pixels(grey, Width, Height, 1)));
        GC.KeepAlive(sink);

        void Print(string what, double? goal, Func<PdqFingerprint> hash) =>
            Measured.Print(what, Measured.Median(30, _ => sink += hash().Quality), goal, "adding up 12 MP of bytes", reading);
    }
}
