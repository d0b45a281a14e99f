using System.Globalization;
using ReportIntake.Domain.Recognition;
using Xunit.Abstractions;

namespace ReportIntake.Domain.Tests.Recognition;

/// <summary>Against what Meta's C++ says of the same files. Decoders differ a little, so a few bits may.</summary>
public sealed class ReferencePdqTests(ITestOutputHelper output)
{
    [ReferenceTheory]
    [InlineData("bridge-1-original", "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22", 100)]
    [InlineData("blur-a-little", "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22", 100)]
    [InlineData("shrink-a-little", "d8f8f0cee0f4a84f0e370a22038f67f0b36e2ed596621e1d33e6339c4e9c9b22", 100)]
    [InlineData("square-512x512", "d8f8f0cec0f4a84f0637022a278f67f0b36e2ed596621e1d33e6339c4e9c9b22", 100)]
    [InlineData("bridge-2-rotate-90", "30a10efdf1c83f429013d48d0ffffc52e34e0e35ada952a9d29605215aa9e5af", 100)]
    [InlineData("bridge-5-flipx", "d8f80f33e0f417b20e37f5cd028f980fb36ed02a9662c1e233e64c634e9c64dd", 100)]
    [InlineData("exif-rotn-6", "e8783aad54ae0b63653192c279592d6ad4b5434a5fcd7071f7abcb594b481a94", 100)]
    [InlineData("wee", "6227401f601ff4ccafcc9fad4b0d95d371a2eb7265a3285234d228ca94deeb2d", 100)]
    [InlineData("small", "0007001f003f003f007f00ff00ff00ff01ff01ff01ff03ff03ff03ff03ff03ff", 0)]
    public async Task OfPhoto_ReferencePhoto_AgreesWithReference(string name, string hash, int quality)
    {
        var (bytes, width, height) = await TestPictures.PhotoAsync($"photos/{name}.jpg");

        var found = Pdq.OfPhoto(new Pixels(bytes, width, height, bytes.Length / width / height));

        Assert.True(PdqHash.TryParse(hash, out var expected));
        var distance = found.Hash.DistanceTo(expected);
        output.WriteLine($"{name} {width} × {height}: distance {distance}, quality {found.Quality}");
        Assert.Equal(quality, found.Quality);
        Assert.InRange(distance, 0, 2);
    }

    [ReferenceFact]
    public async Task OfFrame_ReferenceVideo_AgreesWithReferenceInEveryFrame()
    {
        var video = TestPictures.Locate("video/doorknob-hd-no-bar.mp4");
        var sides = System.Text.Encoding.ASCII.GetString(await TestPictures.RunAsync(
            "ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", video]));
        var (width, height) = (int.Parse(sides.Split(',')[0], CultureInfo.InvariantCulture), int.Parse(sides.Split(',')[1], CultureInfo.InvariantCulture));
        var frames = await TestPictures.RunAsync(
            "ffmpeg", ["-v", "error", "-noautorotate", "-i", video, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
        var expected = await File.ReadAllLinesAsync(TestPictures.Locate("video/doorknob-hd-no-bar.vpdq.txt"));
        var size = width * height * 3;
        Assert.Equal(expected.Length, frames.Length / size);

        var distances = new List<int>();
        foreach (var (line, i) in expected.Select((line, i) => (line.Split(','), i)))
        {
            var found = Pdq.OfFrame(new Pixels(frames.AsSpan(i * size, size), width, height, 3));
            var quality = int.Parse(line[1], CultureInfo.InvariantCulture);
            Assert.InRange(found.Quality, quality - 5, quality + 5);
            Assert.True(PdqHash.TryParse(line[2], out var hash));
            if (quality >= 80)
            {
                distances.Add(found.Hash.DistanceTo(hash));
                output.WriteLine($"frame {i}: quality {found.Quality} for {quality}, distance {distances[^1]}");
            }
        }

        Assert.All(distances, d => Assert.InRange(d, 0, 10));
    }
}
