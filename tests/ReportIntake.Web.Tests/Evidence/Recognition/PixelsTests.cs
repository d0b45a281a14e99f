using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Recognition;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Screening;
using ReportIntake.Web.Tests.Evidence.Screening;
using Xunit.Abstractions;

namespace ReportIntake.Web.Tests.Evidence.Recognition;

/// <summary>From a file through the real sandbox to its fingerprints.</summary>
public sealed class PixelsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1500, 400)]
    [InlineData(334, 778)]
    [InlineData(4032, 3024)]
    [InlineData(300, 200)]
    public async Task ScreenAsync_Photo_GivesThePixelsThatPdqTakes(int width, int height)
    {
        var photo = await Media.PngAsync(width, height);

        var (pixels, shape) = Assert.Single(await PixelsAsync(photo));

        var decoded = await DecodeAsync(photo);
        var (w, h) = width > 512 || height > 512 ? (512, 512) : (width, height);
        Assert.Equal(new FrameShape(w, h, 3), shape);
        var expected = Enumerable.Range(0, w * h).SelectMany(i =>
            decoded.Skip((((i / w * height / h) * width) + (i % w * width / w)) * 3).Take(3));
        Assert.Equal(Pdq.OfPhoto(new Pixels(decoded, width, height, 3)), Pdq.OfPhoto(new Pixels(pixels, w, h, 3)));
        if (width < 1000)
        {
            Assert.Equal(expected, pixels);
        }
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("grey")]
    [InlineData("16 bit")]
    [InlineData("alpha")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("heic")]
    public async Task ScreenAsync_PhotoOfAnyKind_HasThreeChannelsOfEightBits(string kind)
    {
        var photo = kind switch
        {
            "jpeg" => await Media.JpegAsync(640, 480),
            "gif" => await Media.GifAsync(640, 480, frames: 3),
            "webp" => await Media.WebPAsync(640, 480),
            "heic" => await Media.HeicAsync(640, 480),
            _ => await PngAsync(kind switch { "grey" => "gray", "16 bit" => "rgb48be", _ => "rgba" }),
        };

        var (pixels, shape) = Assert.Single(await PixelsAsync(photo));

        Assert.Equal(new FrameShape(512, 512, 3), shape);
        Assert.True(Pdq.OfPhoto(new Pixels(pixels, 512, 512, 3)).IsUseful);
    }

    [Fact]
    public async Task ScreenAsync_TurnedPhoto_GivesPixelsAsStored()
    {
        var jpeg = await Media.JpegAsync(600, 300);

        var (turned, _) = Assert.Single(await PixelsAsync(Media.WithExif(jpeg, orientation: 6)));

        Assert.Equal(Assert.Single(await PixelsAsync(jpeg)).Bytes, turned);
    }

    [Fact]
    public async Task ScreenAsync_Video_GivesAFrameASecondAtMostSoMany()
    {
        var video = await Media.Mp4Async(5);

        var (all, shape) = Assert.Single(await PixelsAsync(video));
        var (few, _) = Assert.Single(await PixelsAsync(video, new ScreeningOptions { VideoFrames = 2 }));

        Assert.Equal(new FrameShape(512, 512, 1), shape);
        Assert.Equal(5, all.Length / shape.Size);
        Assert.Equal(2, few.Length / shape.Size);
    }

    [Theory]
    [InlineData("exif-rotn-6", "e8783aad54ae0b63653192c279592d6ad4b5434a5fcd7071f7abcb594b481a94")]
    [InlineData("bridge-2-rotate-90", "30a10efdf1c83f429013d48d0ffffc52e34e0e35ada952a9d29605215aa9e5af")]
    [InlineData("wee", "6227401f601ff4ccafcc9fad4b0d95d371a2eb7265a3285234d228ca94deeb2d")]
    public async Task ScreenAsync_ReferencePhoto_HasTheReferenceHash(string name, string hash)
    {
        if (Locate($"photos/{name}.jpg") is not { } path)
        {
            output.WriteLine("The pictures with reference hashes are not here (REPORTINTAKE_TEST_DATA); the made ones stand in for them.");
            return;
        }

        var (pixels, shape) = Assert.Single(await PixelsAsync(await File.ReadAllBytesAsync(path)));

        Assert.True(PdqHash.TryParse(hash, out var expected));
        Assert.InRange(Pdq.OfPhoto(new Pixels(pixels, shape.Width, shape.Height, 3)).Hash.DistanceTo(expected), 0, 2);
    }

    [Fact]
    public async Task ScreenAsync_ReferenceVideo_HasTheReferenceHashes()
    {
        if (Locate("video/doorknob-hd-no-bar.mp4") is not { } path)
        {
            output.WriteLine("The video with reference hashes is not here (REPORTINTAKE_TEST_DATA); the made one stands in for it.");
            return;
        }

        var (pixels, shape) = Assert.Single(await PixelsAsync(await File.ReadAllBytesAsync(path)));

        var now = TimeProvider.System.GetUtcNow();
        var found = await Fingerprints.ReadAsync(Guid.NewGuid(), shape, new MemoryStream(pixels), now, CancellationToken.None);
        var reference = (await File.ReadAllLinesAsync(Path.ChangeExtension(path, ".vpdq.txt"))).Select(l => l.Split(',')).ToList();
        Assert.NotEmpty(found);
        foreach (var fingerprint in found)
        {
            var expected = reference[fingerprint.Frame * 30];
            Assert.True(PdqHash.TryParse(expected[2], out var hash));
            var distance = PdqHash.FromBytes(fingerprint.Hash).DistanceTo(hash);
            output.WriteLine($"second {fingerprint.Frame}: quality {fingerprint.Quality} for {expected[1]}, distance {distance}");
            Assert.True(distance <= 10 || int.Parse(expected[1], CultureInfo.InvariantCulture) < 80, $"distance {distance}");
        }
    }

    private static async Task<List<(byte[] Bytes, FrameShape Shape)>> PixelsAsync(byte[] file, ScreeningOptions? options = null)
    {
        options ??= new ScreeningOptions();
        using var screener = new Screener(Screened.NewSandbox(options), Options.Create(options));
        List<(byte[], FrameShape)> found = [];
        var result = await screener.ScreenAsync(Screened.Original(file), file.Length, SaveAsync, CancellationToken.None);
        Assert.IsType<ScreeningOutcome.Rendered>(result.Outcome);
        return found;

        async Task SaveAsync(Rendition rendition, Stream content, CancellationToken cancellationToken)
        {
            if (rendition.Kind is RenditionKind.Pixels)
            {
                using var copy = new MemoryStream();
                await content.CopyToAsync(copy, cancellationToken);
                found = [(copy.ToArray(), rendition.Shape!)];
            }
        }
    }

    private static Task<byte[]> DecodeAsync(byte[] photo) => WithFilesAsync(photo, (source, target) =>
        Media.RunAsync("ffmpeg", "-v", "error", "-y", "-i", source, "-f", "rawvideo", "-pix_fmt", "rgb24", target));

    private static Task<byte[]> PngAsync(string pixels) => WithFilesAsync([], (_, target) =>
        Media.RunAsync("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=640x480", "-frames:v", "1", "-pix_fmt", pixels, "-c:v", "png", "-f", "image2", target));

    private static async Task<byte[]> WithFilesAsync(byte[] content, Func<string, string, Task> run)
    {
        var folder = Directory.CreateTempSubdirectory("reportintake-pixels-").FullName;
        try
        {
            var (source, target) = (Path.Combine(folder, "source"), Path.Combine(folder, "target"));
            await File.WriteAllBytesAsync(source, content);
            await run(source, target);
            return await File.ReadAllBytesAsync(target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Locate(string name, [CallerFilePath] string here = "")
    {
        var folder = Environment.GetEnvironmentVariable("REPORTINTAKE_TEST_DATA") ?? Path.Combine(Path.GetDirectoryName(here)!, "../../../../../shared/data");
        return File.Exists(Path.Combine(folder, name)) ? Path.Combine(folder, name) : null;
    }
}
