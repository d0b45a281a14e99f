using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ReportIntake.Domain.Tests.Recognition;

/// <summary>
/// Pictures and a video that Meta's implementation was run on (ThreatExchange's test set, BSD). They are not part of the
/// project: REPORTINTAKE_TEST_DATA names their folder, or they stand in <c>../shared/data</c> next to the checkout.
/// </summary>
internal static class TestPictures
{
    public static string? Folder([CallerFilePath] string here = "")
    {
        var candidates = new List<string?> { Environment.GetEnvironmentVariable("REPORTINTAKE_TEST_DATA") };
        for (var folder = Path.GetDirectoryName(here); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "ReportIntake.sln")))
            {
                candidates.Add(Path.Combine(folder, "..", "shared", "data"));
            }
        }

        return candidates.FirstOrDefault(c => c is not null && Directory.Exists(Path.Combine(c, "photos")));
    }

    public static string Locate(string name) => Path.Combine(Folder()!, name);

    /// <summary>Decoded by libvips, as stored: not turned, not resized.</summary>
    public static async Task<(byte[] Bytes, int Width, int Height)> PhotoAsync(string name)
    {
        // PPM: "P6", a comment, the sides, 255, then the pixels.
        var target = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.ppm");
        try
        {
            await RunAsync("vips", ["copy", Locate(name), $"{target}[strip]"]);
            var file = await File.ReadAllBytesAsync(target);
            var (at, numbers) = (2, new List<int>());
            while (numbers.Count < 3)
            {
                var end = Array.IndexOf(file, (byte)'\n', at + 1);
                var line = System.Text.Encoding.ASCII.GetString(file, at, end - at).Trim();
                numbers.AddRange(line.StartsWith('#') ? [] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
                at = end;
            }

            return (file[(at + 1)..], numbers[0], numbers[1]);
        }
        finally
        {
            File.Delete(target);
        }
    }

    public static async Task<byte[]> RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}

/// <summary>Skips, visibly, where the pictures are not on the machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute() => Skip = Why();

    public static string? Why() => TestPictures.Folder() is null
        ? "The pictures with reference hashes are not here (REPORTINTAKE_TEST_DATA); PdqTests' made ones stand in for them."
        : null;
}

/// <inheritdoc cref="ReferenceFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReferenceTheoryAttribute : TheoryAttribute
{
    public ReferenceTheoryAttribute() => Skip = ReferenceFactAttribute.Why();
}
