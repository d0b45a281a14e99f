using System.IO.Compression;
using System.Net;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Police.HandOver;

/// <summary>A package as a police system gets it, beside the service's public key, in a folder that goes with the test.</summary>
internal sealed class PackageFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("reportintake-package-");

    private PackageFolder()
    {
    }

    /// <summary>The package's bytes.</summary>
    public byte[] Bytes { get; private set; } = [];

    public string Key => Path("service.pem");

    public string Root { get; private set; } = "";

    /// <summary>Members below the one directory, in the archive's order.</summary>
    public IReadOnlyList<string> Members { get; private set; } = [];

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public static async Task<PackageFolder> DownloadAsync(IntakeHost host, HttpClient police, Guid reportId)
    {
        using var answer = await police.GetAsync($"/api/v1/reports/{reportId}/package");
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}");
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        var package = new PackageFolder { Bytes = body };
        using var anybody = host.Client();
        await File.WriteAllTextAsync(package.Key, await anybody.GetStringAsync("/api/v1/signing-key"));
        using var zip = new ZipArchive(new MemoryStream(body));
        package.Root = zip.Entries[0].FullName.Split('/')[0];
        package.Members = [.. zip.Entries.Select(e => e.FullName[(package.Root.Length + 1)..])];
        return package;
    }

    public string Text(string member)
    {
        using var zip = new ZipArchive(new MemoryStream(Bytes));
        using var reader = new StreamReader(zip.GetEntry($"{Root}/{member}")!.Open());
        return reader.ReadToEnd();
    }

    public byte[] Content(string member)
    {
        using var zip = new ZipArchive(new MemoryStream(Bytes));
        using var content = zip.GetEntry($"{Root}/{member}")!.Open();
        var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Runs the script on these bytes.</summary>
    /// <param name="bytes">The package's own if not given.</param>
    /// <param name="key">The service's key if not given; empty for none.</param>
    public async Task<VerifyScript.Run> VerifyAsync(byte[]? bytes = null, string? key = null)
    {
        var file = Path($"{Guid.NewGuid():N}.zip");
        await File.WriteAllBytesAsync(file, bytes ?? Bytes);
        return await VerifyScript.RunAsync(file, key switch { null => Key, "" => null, _ => key });
    }

    /// <summary>Where a member's content begins in the archive, which stores it as it is.</summary>
    public int OffsetOf(string member)
    {
        var (name, from) = (System.Text.Encoding.ASCII.GetBytes($"{Root}/{member}"), 0);
        while (true)
        {
            var at = Bytes.AsSpan(from).IndexOf("PK\x03\x04"u8) + from;
            if (Bytes.AsSpan(at + 30).StartsWith(name) && BitConverter.ToUInt16(Bytes, at + 26) == name.Length)
            {
                return at + 30 + name.Length;
            }

            from = at + 4;
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
