using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Web.Tests.Evidence.Screening;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("heic", "mif1,heic", "image/heic")]
    [InlineData("mif1", "mif1,heic,hevc", "image/heic")]
    [InlineData("mif1", "avif,miaf", "image/avif")]
    [InlineData("mif1", "miaf", "image/heif")]
    [InlineData("avif", "mif1,miaf", "image/avif")]
    [InlineData("isom", "isom,iso2,avc1,mp41", "video/mp4")]
    [InlineData("mp42", "heic", "video/mp4")]
    [InlineData("M4V ", "", "video/mp4")]
    [InlineData("qt  ", "qt  ", "video/quicktime")]
    [InlineData("3gp5", "3gp5,isom", "video/3gpp")]
    [InlineData("3g2a", "3g2a", "video/3gpp2")]
    [InlineData("kddi", "3g2a", "video/3gpp2")]
    [InlineData("M4A ", "", null)]
    [InlineData("jp2 ", "jp2 ", null)]
    [InlineData("crx ", "crx ", null)]
    public void Detect_FileTypeBox_TellsByItsBrands(string major, string compatible, string? expected)
    {
        var brands = compatible.Replace(",", "", StringComparison.Ordinal);
        byte[] file = [0, 0, 0, (byte)(16 + brands.Length), .. "ftyp"u8, .. System.Text.Encoding.ASCII.GetBytes(major), 0, 0, 0, 0,
            .. System.Text.Encoding.ASCII.GetBytes(brands), .. "heicavif3gp5"u8];

        Assert.Equal(expected, MediaTypes.Detect(file)?.MediaType);
    }

    [Theory]
    [InlineData("webm", "video/webm")]
    [InlineData("webm\0\0", "video/webm")]
    [InlineData("matroska", "video/x-matroska")]
    [InlineData("other", null)]
    public void Detect_Ebml_TellsByItsDocType(string docType, string? expected)
    {
        byte[] content = [0x42, 0x86, 0x81, 1, 0x42, 0x82, (byte)(0x80 | docType.Length), .. System.Text.Encoding.ASCII.GetBytes(docType)];
        byte[] file = [0x1A, 0x45, 0xDF, 0xA3, (byte)(0x80 | content.Length), .. content];

        Assert.Equal(expected, MediaTypes.Detect(file)?.MediaType);
    }

    [Fact]
    public void Detect_OtherFiles_AreNone()
    {
        byte[][] others =
        [
            [], [0xFF], Media.Svg, Media.Html, Media.Pdf, Media.HlsPlaylist, Media.ConcatPlaylist,
            "PK\u0003\u0004.............."u8.ToArray(), "RIFF....AVI LIST"u8.ToArray(), "II*\0............"u8.ToArray(),
            "BM.............."u8.ToArray(), "\0\0\0\u0018ftyp"u8.ToArray(), "<html>ftypisom...."u8.ToArray(), new byte[5000],
        ];

        Assert.All(others, other => Assert.Null(MediaTypes.Detect(other)));
    }

    [Fact]
    public void Detect_AnyBytes_NeverThrows()
    {
        var random = new Random(7);
        byte[][] beginnings = [[0x1A, 0x45, 0xDF, 0xA3], [0, 0, 0, 32, .. "ftyp"u8], [0xFF, 0xFF, 0xFF, 0xF0, .. "ftyp"u8], [.. "RIFF"u8]];
        for (var i = 0; i < 20_000; i++)
        {
            var file = new byte[random.Next(0, 64)];
            random.NextBytes(file);

            MediaTypes.Detect([.. beginnings[i % beginnings.Length], .. file]);
        }
    }

    [Fact]
    public void AcceptAttribute_NamesEveryTypeAndExtension()
    {
        Assert.StartsWith("image/jpeg,image/png,", AcceptedMedia.AcceptAttribute, StringComparison.Ordinal);
        Assert.EndsWith(".webm,.mkv", AcceptedMedia.AcceptAttribute, StringComparison.Ordinal);
        Assert.Same(AcceptedMedia.Heic, AcceptedMedia.Find("IMAGE/HEIC"));
        Assert.Null(AcceptedMedia.Find("image/svg+xml"));
    }
}
