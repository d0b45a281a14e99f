using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Screening;
using static ReportIntake.Web.Tests.Evidence.Screening.CopyInspection;

namespace ReportIntake.Web.Tests.Evidence.Screening;

public sealed class ScreenerTests
{
    public static TheoryData<string, string> Photos => new()
    {
        { "image/jpeg", "jpeg" }, { "image/png", "png" }, { "image/gif", "gif" }, { "image/webp", "webp" }, { "image/heic", "heic" },
        { "image/avif", "avif" },
    };

    public static TheoryData<string, string> Videos => new()
    {
        { "video/mp4", "mp4" }, { "video/mp4", "mp4 index first" }, { "video/quicktime", "mov" }, { "video/3gpp", "3gp" },
        { "video/webm", "webm" }, { "video/x-matroska", "mkv" },
    };

    [Theory]
    [MemberData(nameof(Photos))]
    public async Task ScreenAsync_Photo_GivesJpegAndThumbnail(string mediaType, string format)
    {
        var screened = await Screened.ScreenAsync(await PhotoAsync(format, 800, 600));

        Assert.Equal(mediaType, screened.Result.DetectedMediaType);
        Assert.Equal(new ScreeningOutcome.Rendered("image/jpeg", 800, 600, null, false, false), screened.Rendered);
        Assert.Equal((800, 600), await SizeAsync(screened.WorkingCopy, "jpg"));
        Assert.Equal((320, 240), await SizeAsync(screened.Thumbnail, "jpg"));
    }

    [Theory]
    [MemberData(nameof(Videos))]
    public async Task ScreenAsync_Video_GivesMp4PosterAndContactSheet(string mediaType, string format)
    {
        var screened = await Screened.ScreenAsync(await VideoAsync(format));

        Assert.Equal(mediaType, screened.Result.DetectedMediaType);
        Assert.Equal("video/mp4", screened.Rendered.WorkingCopyType);
        Assert.InRange(screened.Rendered.Duration!.Value.TotalSeconds, 1.9, 2.2);
        Assert.False(screened.Rendered.IsShortened);
        Assert.Equal((screened.Rendered.Width, screened.Rendered.Height), await SizeAsync(screened.WorkingCopy, "mp4"));
        Assert.Equal(320, (await SizeAsync(screened.Thumbnail, "jpg")).Width);
        Assert.Equal(4 * 320, (await SizeAsync(screened.ContactSheet!, "jpg")).Width);
        await AssertCleanAsync(screened.WorkingCopy, "mp4");
        await AssertCleanAsync(screened.Thumbnail, "jpg");
        await AssertCleanAsync(screened.ContactSheet!, "jpg");
        Assert.True(
            screened.WorkingCopy.AsSpan().IndexOf("moov"u8) < screened.WorkingCopy.AsSpan().IndexOf("mdat"u8), "It plays from the first byte.");
    }

    [Fact]
    public async Task ScreenAsync_PhotoWithExif_LosesAllMetadataAndIsTurned()
    {
        var original = Media.WithExif(await Media.QuarteredJpegAsync(800, 600), orientation: 6);
        Assert.Contains("GPSLatitude", await ExifAsync(original, "jpg"), StringComparison.Ordinal);

        var screened = await Screened.ScreenAsync(original);

        Assert.Equal((600, 800), (screened.Rendered.Width, screened.Rendered.Height));
        Assert.Equal((600, 800), await SizeAsync(screened.WorkingCopy, "jpg"));
        // Orientation 6 brings the top left quarter to the top right.
        Assert.Equal((false, true), await RedQuartersAsync(screened.WorkingCopy));
        await AssertCleanAsync(screened.WorkingCopy, "jpg");
        await AssertCleanAsync(screened.Thumbnail, "jpg");
    }

    [TestDataFact]
    public async Task ScreenAsync_PhonePhotoOfTheTestData_LosesPlaceAndIsTurned()
    {
        var original = await File.ReadAllBytesAsync(TestDataFactAttribute.Find("photos/exif-rotn-6.jpg")!);
        var (width, height) = await SizeAsync(original, "jpg");

        var screened = await Screened.ScreenAsync(original);

        Assert.Equal((height, width), (screened.Rendered.Width, screened.Rendered.Height));
        await AssertCleanAsync(screened.WorkingCopy, "jpg");
        Assert.Contains(screened.Sheet, p => p is { Directory: "Exif IFD0", Name: "Model" });
    }

    [Fact]
    public async Task ScreenAsync_LargePhoto_IsShrunk()
    {
        var screened = await Screened.ScreenAsync(await Media.JpegAsync(4000, 3000));

        Assert.Equal((4000, 3000), (screened.Rendered.Width, screened.Rendered.Height));
        Assert.Equal((2560, 1920), await SizeAsync(screened.WorkingCopy, "jpg"));
    }

    [Fact]
    public async Task ScreenAsync_LargeUprightVideo_IsShrunk()
    {
        var screened = await Screened.ScreenAsync(await Media.Mp4Async(1, 1080, 1920));

        Assert.Equal((1080, 1920), (screened.Rendered.Width, screened.Rendered.Height));
        Assert.Equal((720, 1280), await SizeAsync(screened.WorkingCopy, "mp4"));
        Assert.Equal((180, 320), await SizeAsync(screened.Thumbnail, "jpg"));
    }

    [Fact]
    public async Task ScreenAsync_Animation_ShowsItsFramesOnASheet()
    {
        var screened = await Screened.ScreenAsync(await Media.GifAsync(320, 200, frames: 20));

        Assert.True(screened.Rendered.HasContactSheet);
        Assert.Equal((320, 200), await SizeAsync(screened.WorkingCopy, "jpg"));
        Assert.Equal((4 * 320, 4 * 200), await SizeAsync(screened.ContactSheet!, "jpg"));
    }

    [Fact]
    public async Task ScreenAsync_PhotoThatIsAnArchiveToo_LosesTheArchive()
    {
        var original = Media.WithZipTail(await Media.JpegAsync(64, 64), "payload.exe");

        var screened = await Screened.ScreenAsync(original);

        Assert.NotEqual(-1, original.AsSpan().IndexOf("payload.exe"u8));
        Assert.Equal(-1, screened.WorkingCopy.AsSpan().IndexOf("payload.exe"u8));
        Assert.Equal(-1, screened.WorkingCopy.AsSpan().IndexOf("PK\u0005\u0006"u8));
    }

    [Fact]
    public async Task ScreenAsync_PhotoCutShort_ShowsWhatIsThere()
    {
        var original = await Media.JpegAsync(640, 480);

        var screened = await Screened.ScreenAsync(original[..(original.Length / 2)]);

        Assert.Equal((640, 480), await SizeAsync(screened.WorkingCopy, "jpg"));
    }

    [Fact]
    public async Task ScreenAsync_OtherTypes_AreUnsupported()
    {
        foreach (var file in (byte[][])[[], Media.Svg, Media.Html, Media.Pdf, Media.HlsPlaylist, Media.ConcatPlaylist])
        {
            var screened = await Screened.ScreenAsync(file);

            Assert.Equal(RefusalReason.UnsupportedType, screened.Refusal);
            Assert.Null(screened.Result.DetectedMediaType);
            Assert.True(screened.SavedNoCopy);
        }
    }

    [Fact]
    public async Task ScreenAsync_OtherContentBehindAnAcceptedBeginning_IsUndecodable()
    {
        byte[][] files =
        [
            Media.BehindMp4Header(Media.HlsPlaylist), Media.BehindMp4Header(Media.ConcatPlaylist), Media.BehindMp4Header(Media.Html),
            [0xFF, 0xD8, 0xFF, .. Media.Html], [.. "GIF89a"u8, .. Media.Svg], [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Media.Pdf],
        ];
        foreach (var file in files)
        {
            var screened = await Screened.ScreenAsync(file);

            Assert.Equal(RefusalReason.Undecodable, screened.Refusal);
            Assert.True(screened.SavedNoCopy);
        }
    }

    [Fact]
    public async Task ScreenAsync_PictureOfTooManyPixels_IsRefused()
    {
        var bomb = Media.BombPng(50_000, 50_000);
        Assert.InRange(bomb.Length, 1, 1024 * 1024);

        Assert.Equal(RefusalReason.TooManyPixels, (await Screened.ScreenAsync(bomb)).Refusal);
    }

    [Fact]
    public async Task ScreenAsync_VideoOfTooManyPixels_IsRefused()
    {
        var screened = await Screened.ScreenAsync(await Media.Mp4Async(1), new ScreeningOptions { MaxPixels = 100_000 });

        Assert.Equal(RefusalReason.TooManyPixels, screened.Refusal);
    }

    [Fact]
    public async Task ScreenAsync_VideoWithoutItsIndex_IsUndecodable()
    {
        var video = await Media.Mp4Async(2);

        Assert.Equal(RefusalReason.Undecodable, (await Screened.ScreenAsync(video[..(video.Length / 2)])).Refusal);
    }

    [Fact]
    public async Task ScreenAsync_VideoCutShort_ShowsWhatIsThereAndSaysSo()
    {
        var video = await Media.Mp4Async(6, indexFirst: true);

        var screened = await Screened.ScreenAsync(video[..(video.Length / 2)]);

        Assert.True(screened.Rendered.IsShortened);
        Assert.InRange(screened.Rendered.Duration!.Value.TotalSeconds, 5.9, 6.1);
    }

    [Fact]
    public async Task ScreenAsync_VideoLongerThanTheLimit_IsShortenedAndSaysSo()
    {
        var screened = await Screened.ScreenAsync(await Media.Mp4Async(4), new ScreeningOptions { VideoSeconds = 1 });

        Assert.True(screened.Rendered.IsShortened);
    }

    [Theory]
    [InlineData("libx264", "mp2")]
    [InlineData("mpeg4", "libmp3lame")]
    public async Task ScreenAsync_VideoWithSubtitles_LosesThem(string video, string sound)
    {
        var screened = await Screened.ScreenAsync(await Media.MkvOfAsync(video, sound));

        Assert.Equal((320, 180), await SizeAsync(screened.WorkingCopy, "mp4"));
        await AssertCleanAsync(screened.WorkingCopy, "mp4");
    }

    [Fact]
    public async Task ScreenAsync_VideoByADecoderNotAllowed_IsUndecodable()
    {
        Assert.Equal(RefusalReason.Undecodable, (await Screened.ScreenAsync(await Media.MkvOfAsync("mpeg2video", "mp2"))).Refusal);
    }

    [Fact]
    public async Task ScreenAsync_SoundOnly_IsUndecodable()
    {
        Assert.Equal(RefusalReason.Undecodable, (await Screened.ScreenAsync(await Media.SoundOnlyMp4Async())).Refusal);
    }

    [Fact]
    public async Task ScreenAsync_FileBeyondTheLimit_IsTooLarge()
    {
        var screened = await Screened.ScreenAsync(await Media.JpegAsync(64, 64), new ScreeningOptions { MaxSize = 100 });

        Assert.Equal(RefusalReason.TooLarge, screened.Refusal);
        Assert.Equal("image/jpeg", screened.Result.DetectedMediaType);
    }

    [Fact]
    public async Task ScreenAsync_VideoThatTakesTooLong_TimesOut()
    {
        var screened = await Screened.ScreenAsync(await Media.Mp4Async(120, 1920, 1080), new ScreeningOptions { VideoTimeout = 1 });

        Assert.Equal(RefusalReason.TimedOut, screened.Refusal);
        Assert.True(screened.SavedNoCopy);
    }

    /// <summary>A busy machine leaves nothing to whoever gives way: here the tool sleeps as long as it runs under SCHED_IDLE (5).</summary>
    [Fact]
    public async Task ScreenAsync_PhotoThatIsLeftNothingOfTheProcessor_IsTriedAgainWithAShare()
    {
        var directory = Directory.CreateDirectory($"/var/tmp/reportintake-idle-{Guid.NewGuid():N}"); // the sandbox has a /tmp of its own
        try
        {
            var tool = Path.Combine(directory.FullName, "vipsheader");
            await File.WriteAllTextAsync(tool, """
                #!/bin/sh
                [ "$(cut -d' ' -f41 /proc/self/stat)" != 5 ] || sleep 60
                exec /usr/bin/vipsheader "$@"
                """);
            File.SetUnixFileMode(tool, (UnixFileMode)Convert.ToInt32("755", 8));
            File.SetUnixFileMode(directory.FullName, (UnixFileMode)Convert.ToInt32("755", 8));
            var options = new ScreeningOptions { VipsHeader = tool, ReadOnlyPaths = { directory.FullName } };

            var screened = await Screened.ScreenAsync(await Media.JpegAsync(640, 480), options);

            Assert.Equal((640, 480), (screened.Rendered.Width, screened.Rendered.Height));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task ScreenAsync_ToolMissing_IsNoVerdictOnTheFile()
    {
        var options = new ScreeningOptions { VipsThumbnail = "/usr/bin/no-such-program" };

        await Assert.ThrowsAsync<SandboxException>(async () => await Screened.ScreenAsync(await Media.JpegAsync(64, 64), options));
    }

    [Fact]
    public async Task ScreenAsync_OriginalShorterThanSaid_Throws()
    {
        var options = new ScreeningOptions();
        var file = await Media.JpegAsync(64, 64);
        using var screener = new Screener(Screened.NewSandbox(), Microsoft.Extensions.Options.Options.Create(options));

        await Assert.ThrowsAsync<EndOfStreamException>(() => screener.ScreenAsync(
            Screened.Original(file), file.Length + 5000, (_, _, _) => Task.CompletedTask, CancellationToken.None));
    }

    [Fact]
    public async Task ScreenAsync_SaveThatFails_ThrowsItsException()
    {
        var options = new ScreeningOptions();
        var file = await Media.JpegAsync(64, 64);
        using var screener = new Screener(Screened.NewSandbox(), Microsoft.Extensions.Options.Options.Create(options));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => screener.ScreenAsync(
            Screened.Original(file), file.Length, (_, _, _) => throw new UnauthorizedAccessException(), CancellationToken.None));
    }

    private static Task<byte[]> PhotoAsync(string format, int width, int height) => format switch
    {
        "jpeg" => Media.JpegAsync(width, height),
        "png" => Media.PngAsync(width, height),
        "gif" => Media.GifAsync(width, height),
        "webp" => Media.WebPAsync(width, height),
        "heic" => Media.HeicAsync(width, height),
        _ => Media.AvifAsync(width, height),
    };

    private static Task<byte[]> VideoAsync(string format) => format switch
    {
        "mp4" => Media.Mp4Async(2),
        "mp4 index first" => Media.Mp4Async(2, indexFirst: true),
        "mov" => Media.MovAsync(2),
        "3gp" => Media.ThreeGppAsync(2),
        "webm" => Media.WebMAsync(2),
        _ => Media.MkvAsync(2),
    };
}
