using System.Globalization;
using System.Text;
using System.Text.Json;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Evidence.Screening;

/// <summary>Looks into copies by other tools than made them.</summary>
internal static class CopyInspection
{
    internal static async Task<(int Width, int Height)> SizeAsync(byte[] file, string extension)
    {
        using var json = JsonDocument.Parse(await ProbeAsync(
            file, extension, "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "json"));
        var stream = json.RootElement.GetProperty("streams")[0];
        return (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32());
    }

    /// <summary>Whether the top left and the top right quarter are red rather than black.</summary>
    internal static async Task<(bool Left, bool Right)> RedQuartersAsync(byte[] jpeg)
    {
        var pixels = await OnDiskAsync(jpeg, "jpg", async path =>
        {
            await Media.RunAsync("ffmpeg", "-nostdin", "-v", "error", "-i", path, "-vf", "scale=2:2:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", path + ".rgb");
            try
            {
                return await File.ReadAllBytesAsync(path + ".rgb");
            }
            finally
            {
                File.Delete(path + ".rgb");
            }
        });
        return (pixels[0] > 128, pixels[3] > 128);
    }

    /// <summary>Nothing of the reporter's, by two ways: the bytes, and what exiftool finds.</summary>
    internal static async Task AssertCleanAsync(byte[] file, string extension)
    {
        foreach (var marker in (string[])["Exif", "http://ns.adobe.com", "xmpmeta", "A. Reporter", "-06.1751", "ICC_PROFILE", "c2pa"])
        {
            Assert.True(file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(marker)) < 0, $"'{marker}' is in the copy.");
        }

        var found = await ExifAsync(file, extension);
        Assert.DoesNotContain("GPS", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Title", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Artist", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Comment", found, StringComparison.Ordinal);
        Assert.DoesNotMatch("\"(EXIF|XMP|ICC_Profile|IPTC|Photoshop|MakerNotes)", found);
        Assert.DoesNotMatch("\"[^\"]*Date\": \"[1-9]", found);
    }

    internal static Task<string> ExifAsync(byte[] file, string extension) => OnDiskAsync(
        file, extension, path => Media.RunAsync("exiftool", "-json", "-G", "-a", "-u", "--System:all", "--SourceFile", path));

    private static Task<string> ProbeAsync(byte[] file, string extension, params string[] arguments) =>
        OnDiskAsync(file, extension, path => Media.RunAsync("ffprobe", ["-v", "error", .. arguments, path]));

    private static async Task<T> OnDiskAsync<T>(byte[] file, string extension, Func<string, Task<T>> use)
    {
        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid()}.{extension}"));
        try
        {
            await File.WriteAllBytesAsync(path, file);
            return await use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
