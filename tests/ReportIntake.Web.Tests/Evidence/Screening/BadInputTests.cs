using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Screening;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Tests.Evidence.Screening.Malware;
using ReportIntake.Web.Tests.Jobs;

namespace ReportIntake.Web.Tests.Evidence.Screening;

/// <summary>Files made to do harm, through the whole job: the service answers, the reason is told, the original is what it was.</summary>
public sealed class BadInputTests(BadInputTests.QuietHost fixture) : IClassFixture<BadInputTests.QuietHost>
{
    public static TheoryData<string, string> Files => new()
    {
        { "pixel bomb", "too_many_pixels" },
        { "hls", "unsupported_type" },
        { "concat", "unsupported_type" },
        { "hls behind mp4", "undecodable" },
        { "concat behind mp4", "undecodable" },
        { "hls behind matroska", "undecodable" },
        { "svg", "unsupported_type" },
        { "html", "unsupported_type" },
        { "pdf", "unsupported_type" },
        { "svg behind gif", "undecodable" },
        { "html behind jpeg", "undecodable" },
        { "pdf behind png", "undecodable" },
        { "video without its index", "undecodable" },
        { "empty header", "unsupported_type" },
        { "reference to another file", "undecodable" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Screen_BadFile_IsQuarantinedWithItsReasonAndKeptWhole(string name, string reason)
    {
        var host = fixture.Host;
        var file = await MakeAsync(name);
        var item = await ScreenForMalwareTests.StoreAsync(host, file);

        await ScreenForMalwareTests.ScreenAsync(host, item.Id);

        var now = await host.WithDatabaseAsync(d => d.Evidence.AsNoTracking().SingleAsync(e => e.Id == item.Id));
        Assert.Equal((EvidenceState.Quarantined, reason), (now.State, now.QuarantineReason));
        var store = host.Get<IEvidenceStore>();
        Assert.Equal(item.Sha256, (await store.HashAsync(BlobKey.Original(item.Id), default)).Sha256);
        foreach (var kind in new[] { BlobKind.WorkingCopy, BlobKind.Thumbnail, BlobKind.ContactSheet })
        {
            Assert.Null(await store.GetStatusAsync(new BlobKey(item.Id, kind), default));
        }

        using var client = host.Client();
        using var answer = await client.GetAsync("/health/live");
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("heic")]
    [InlineData("mp4")]
    [InlineData("webm")]
    public async Task ScreenAsync_DamagedAnywhere_IsShownOrRefusedAndNeverMore(string format)
    {
        var whole = format switch
        {
            "png" => await Media.PngAsync(120, 90),
            "gif" => await Media.GifAsync(120, 90, frames: 3),
            "webp" => await Media.WebPAsync(120, 90),
            "heic" => await Media.HeicAsync(120, 90),
            "mp4" => await Media.Mp4Async(1, 160, 90),
            "webm" => await Media.WebMAsync(1),
            _ => Media.WithExif(await Media.JpegAsync(120, 90), 6),
        };
        var random = new Random(20_261_122);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var damaged = whole.ToArray();
            for (var i = 0; i < 40; i++)
            {
                // The structure at the beginning is what decoders trip over; the first bytes say which decoder it is.
                var at = random.Next(2) == 0 ? random.Next(32, Math.Min(1024, damaged.Length)) : random.Next(32, damaged.Length);
                damaged[at] = (byte)random.Next(256);
            }

            var screened = await Screened.ScreenAsync(damaged, new ScreeningOptions { VideoTimeout = 30, PhotoTimeout = 30 });

            Assert.True(screened.Result.Outcome is ScreeningOutcome.Rendered || screened.Refusal is not RefusalReason.UnsupportedType);
        }
    }

    [Fact]
    public async Task ScreenAsync_VideoThatSaysItNeverEnds_IsShownAsFarAsItGoes()
    {
        var video = await Media.Mp4Async(1, 160, 90);
        // mvhd, version 0: its duration is the last but one of five 32-bit numbers after the flags (ISO/IEC 14496-12 §8.2.2).
        var header = video.AsSpan().IndexOf("mvhd"u8);
        video.AsSpan(header + 20, 4).Fill(0x7F);

        var screened = await Screened.ScreenAsync(video, new ScreeningOptions { VideoTimeout = 60 });

        Assert.Equal(160, screened.Rendered.Width);
    }

    [Fact]
    public async Task ScreenAsync_AnimationOfManyFrames_ShowsSixteen()
    {
        var screened = await Screened.ScreenAsync(await Media.GifAsync(32, 32, frames: 2000));

        Assert.True(screened.Rendered.HasContactSheet);
    }

    private static async Task<byte[]> MakeAsync(string name) => name switch
    {
        "pixel bomb" => Media.BombPng(50_000, 50_000),
        "hls" => Media.HlsPlaylist,
        "concat" => Media.ConcatPlaylist,
        "hls behind mp4" => Media.BehindMp4Header(Media.HlsPlaylist),
        "concat behind mp4" => Media.BehindMp4Header(Media.ConcatPlaylist),
        "hls behind matroska" => [0x1A, 0x45, 0xDF, 0xA3, 0x8B, 0x42, 0x82, 0x88, .. "matroska"u8, .. Media.HlsPlaylist],
        "svg" => Media.Svg,
        "html" => Media.Html,
        "pdf" => Media.Pdf,
        "svg behind gif" => [.. "GIF89a"u8, .. Media.Svg],
        "html behind jpeg" => [0xFF, 0xD8, 0xFF, .. Media.Html],
        "pdf behind png" => [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Media.Pdf],
        "video without its index" => (await Media.Mp4Async(2))[..20_000],
        "reference to another file" => Media.MovThatNames("file:///etc/passwd"),
        _ => new byte[64],
    };

    /// <summary>Neither engine nor sequencer: the test takes every step itself.</summary>
    public sealed class QuietHost : IAsyncDisposable
    {
        public JobsHost Host { get; } = new() { Quiet = true };

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
