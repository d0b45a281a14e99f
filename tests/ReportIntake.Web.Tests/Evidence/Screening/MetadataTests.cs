using System.Text;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Metadata;
using static ReportIntake.Web.Tests.Evidence.Screening.CopyInspection;

namespace ReportIntake.Web.Tests.Evidence.Screening;

/// <summary>What a file says of itself: on its sheet, in no copy.</summary>
public sealed class MetadataTests
{
    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("heic")]
    [InlineData("avif")]
    public async Task ScreenAsync_PhotoWithAllKindsOfMetadata_LosesThemInEveryCopy(string extension)
    {
        var original = await Media.WithAllMetadataAsync(extension switch
        {
            "png" => await Media.PngAsync(640, 480),
            "webp" => await Media.WebPAsync(640, 480),
            "gif" => await Media.GifAsync(320, 240, frames: 4),
            "heic" => await Media.HeicAsync(640, 480),
            "avif" => await Media.AvifAsync(640, 480),
            _ => Media.WithContentCredentials(await Media.JpegAsync(640, 480)),
        }, extension);
        Assert.Contains("A. Reporter", await ExifAsync(original, extension), StringComparison.Ordinal);

        var screened = await Screened.ScreenAsync(original);

        foreach (var copy in new[] { screened.WorkingCopy, screened.Thumbnail, screened.ContactSheet }.OfType<byte[]>())
        {
            await AssertCleanAsync(copy, "jpg");
            Assert.DoesNotContain("JUMBF", await ExifAsync(copy, "jpg"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ScreenAsync_PhotoWithPlaceAndOwner_HasThemOnItsSheetAndNotAmongTheFacts()
    {
        var screened = await Screened.ScreenAsync(Media.WithExif(await Media.JpegAsync(320, 240), orientation: 1));

        Assert.Contains(screened.Sheet, p => p is { Directory: "GPS", Name: "GPS Latitude" } && p.Value.StartsWith("-6° 10' 30", StringComparison.Ordinal));
        Assert.Contains(screened.Sheet, p => p is { Name: "Artist", Value: "A. Reporter" });
        Assert.Empty(MetadataFacts.Of(screened.Sheet));
    }

    [Fact]
    public async Task ScreenAsync_Video_HasItsTitlePlaceAndCodecsOnItsSheet()
    {
        var screened = await Screened.ScreenAsync(await Media.Mp4Async(1));

        Assert.Contains(screened.Sheet, p => p is { Directory: "Format", Name: "tags.title", Value: "A. Reporter" });
        Assert.Contains(screened.Sheet, p => p.Name == "tags.location" && p.Value.StartsWith("-06.17", StringComparison.Ordinal));
        var facts = MetadataFacts.Of(screened.Sheet);
        Assert.Equal(("h264", "aac", "25"), (facts["video_codec"], facts["audio_codec"], facts["frame_rate"]));
        Assert.DoesNotContain(facts.Values, v => v.Contains("Reporter", StringComparison.Ordinal) || v.Contains("06.17", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ScreenAsync_PhotoThatCannotBeDecoded_HasItsSheetAllTheSame()
    {
        var picture = await Media.JpegAsync(320, 240);
        var photo = Media.WithExif(picture, orientation: 1);

        // The metadata is whole, and nothing of the picture is there.
        var screened = await Screened.ScreenAsync([.. photo[..^(picture.Length - 2)], 0xFF, 0xD9]);

        Assert.IsType<Web.Evidence.Screening.ScreeningOutcome.Refused>(screened.Result.Outcome);
        Assert.Contains(screened.Sheet, p => p.Name == "Artist");
        Assert.True(screened.SavedNoCopy);
    }

    [Fact]
    public async Task ScreenAsync_MetadataBeyondAnyMeasure_IsCutAndThePhotoScreened()
    {
        var photo = Media.WithExif(await Media.JpegAsync(320, 240), orientation: 1, artist: new string('x', 60_000));

        var screened = await Screened.ScreenAsync(photo);

        Assert.Equal(1000, Assert.Single(screened.Sheet, p => p.Name == "Artist").Value.Length);
        Assert.Equal(320, screened.Rendered.Width);
    }

    [Fact]
    public async Task ScreenAsync_MetadataThatExhaustsItsReader_CostsTheSheetOnly()
    {
        var screened = await Screened.ScreenAsync(Media.WithNestedExif(await Media.PngAsync(320, 240), directories: 2_000_000));

        Assert.Equal(320, screened.Rendered.Width);
    }

    [Fact]
    public void ReadLines_HostileText_IsCleanedAndBounded()
    {
        var many = string.Concat(Enumerable.Range(0, 3000).Select(i => $"D\tName {i}\tv\n"));

        Assert.Equal(MetadataSheet.MaxProperties, MetadataSheet.ReadLines(Encoding.UTF8.GetBytes(many)).Count);
        Assert.Equal([new MetadataProperty("D", "N", "a b  c")], MetadataSheet.ReadLines(Encoding.UTF8.GetBytes("no tabs\nD\tN\ta\u0007b\u202e\u0000c\nD\t\tx\nD\tN\tM\tx\n\u0001\tN\tx")));
        Assert.Empty(MetadataSheet.ReadLines([0xFF, 0xFE, 9, 10]));
    }

    [Theory]
    [InlineData("Exif SubIFD", "Date/Time Original", "2026:11:20 21:14:06", "2026-11-20T21:14:06")]
    [InlineData("Format", "tags.creation_time", "2026-11-20T14:14:06.000000Z", "2026-11-20T14:14:06Z")]
    [InlineData("Exif SubIFD", "Date/Time Original", "yesterday", "yesterday")]
    public void Facts_TimeOfTheShot_IsIso8601(string directory, string name, string value, string expected) =>
        Assert.Equal(expected, MetadataFacts.Of([new MetadataProperty(directory, name, value)])["taken_at"]);
}
