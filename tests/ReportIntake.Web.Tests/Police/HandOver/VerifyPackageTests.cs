using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Features.Police.HandOver;

namespace ReportIntake.Web.Tests.Police.HandOver;

/// <summary>What was done to a package after it left, or to the database before: the script names it.</summary>
public sealed class VerifyPackageTests(VerifyPackageTests.Shared shared) : IClassFixture<VerifyPackageTests.Shared>
{
    /// <summary>One package for all tests that change copies of it.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal PoliceHost Host { get; } = new();

        internal PackageFolder Package { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            using var police = await Host.PoliceAsync("19.01");
            var report = await Host.VerifiedAsync("19.01");
            await Host.EvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(70_000));
            await Host.EvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(20_000), "video.mp4");
            Package = await PackageFolder.DownloadAsync(Host, police.Http, report.Id);
        }

        public async Task DisposeAsync()
        {
            Package.Dispose();
            await Host.DisposeAsync();
        }
    }

    private PackageFolder Package => shared.Package;

    [Fact]
    public async Task Verify_ByteFlippedInEachMember_NamesIt()
    {
        foreach (var member in Package.Members)
        {
            var at = RandomNumberGenerator.GetInt32(Package.Content(member).Length);
            var run = await Package.VerifyAsync(Flipped(Package.OffsetOf(member) + at));

            Assert.True(run.Exit == 1 && run.LastLine.StartsWith("WRONG: " + member, StringComparison.Ordinal), $"{member} at {at}: {run.Exit} {run.Output}");
        }
    }

    [Fact]
    public async Task Verify_ByteFlippedAnywhere_IsWrong()
    {
        // Of the archive's own structure: headers, what follows a content, the directory, the end.
        var headers = Package.Members.Select(m => Package.OffsetOf(m) - 1 - RandomNumberGenerator.GetInt32(46));
        var end = Enumerable.Range(0, 10).Select(_ => Package.Bytes.Length - 1 - RandomNumberGenerator.GetInt32(1200));
        var chance = Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetInt32(Package.Bytes.Length));
        foreach (var at in headers.Where(at => at >= 0).Concat(end).Concat(chance))
        {
            var run = await Package.VerifyAsync(Flipped(at));

            Assert.True(run.Exit == 1 && run.LastLine.StartsWith("WRONG: ", StringComparison.Ordinal), $"{at}: {run.Exit} {run.Output}");
        }
    }

    [Fact]
    public async Task Verify_CutOffOrLonger_IsWrong()
    {
        foreach (var bytes in new[] { Package.Bytes[..^1], Package.Bytes[..(Package.Bytes.Length / 2)], [.. Package.Bytes, 0], [] })
        {
            var run = await Package.VerifyAsync(bytes);

            Assert.True(run.Exit == 1, $"{bytes.Length}: {run.Output}");
        }
    }

    [Fact]
    public async Task Verify_MemberRemoved_NamesIt()
    {
        foreach (var member in Package.Members)
        {
            var run = await Package.VerifyAsync(await RepackedAsync(m => m == member ? null : Package.Content(m)));

            Assert.True(run.Exit == 1 && run.LastLine == $"WRONG: {member} is missing", $"{member}: {run.Exit} {run.Output}");
        }
    }

    [Theory]
    [InlineData("data/originals/0003-planted.png")]
    [InlineData("notes.txt")]
    public async Task Verify_MemberAdded_NamesIt(string added)
    {
        var run = await Package.VerifyAsync(await RepackedAsync(Package.Content, added));

        Assert.Equal((1, $"WRONG: {added} is not listed in manifest.json"), (run.Exit, run.LastLine));
    }

    [Fact]
    public async Task Verify_RepackedUnchanged_Ok()
    {
        var run = await Package.VerifyAsync(await RepackedAsync(Package.Content));

        Assert.True(run.Exit == 0, run.Output);
    }

    [Fact]
    public async Task Verify_OtherKey_SaysSo()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Package.Path("other.pem");
        await File.WriteAllTextAsync(key, other.ExportSubjectPublicKeyInfoPem());

        var run = await Package.VerifyAsync(key: key);

        Assert.Equal(1, run.Exit);
        Assert.StartsWith("WRONG: manifest.json was signed with another key", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NoKey_OkWithANote()
    {
        var run = await Package.VerifyAsync(key: "");

        Assert.Equal(0, run.Exit);
        Assert.StartsWith("Note: no --key was given", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("OK: ", run.LastLine, StringComparison.Ordinal);
    }

    /// <summary>Whoever has no key can make a whole package of his own, and is found out by the trusted key alone.</summary>
    [Fact]
    public async Task Verify_EditedAndSignedAgainByAnother_TheTrustedKeyTells()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = await ForgedAsync(other, member => member == "data/report.json" ? "{}"u8.ToArray() : Package.Content(member));

        var trusted = await Package.VerifyAsync(forged);
        var untrusted = await Package.VerifyAsync(forged, key: "");

        Assert.Equal(1, trusted.Exit);
        Assert.Contains("another key", trusted.LastLine, StringComparison.Ordinal);
        Assert.Equal(0, untrusted.Exit);
    }

    /// <summary>Not even the holder of the key can change an entry without the tree head saying so.</summary>
    [Theory]
    [InlineData("\"action\":\"verified\"", "\"action\":\"rejected\"")]
    [InlineData("\"actor\":\"police_client\"", "\"actor\":\"moderator\"")]
    public async Task Verify_EntryEditedAndSignedAgain_NamesItsPosition(string from, string to)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var lines = Package.Text("data/custody/entries.jsonl").Split('\n');
        var line = Array.FindIndex(lines, l => l.Contains(from, StringComparison.Ordinal));
        var position = Package.Text("data/custody/proofs.tsv").Split('\n')[line].Split('\t')[0];
        lines[line] = lines[line].Replace(from, to, StringComparison.Ordinal);

        var edited = await Package.VerifyAsync(
            await ForgedAsync(other, member => member == "data/custody/entries.jsonl" ? Encoding.UTF8.GetBytes(string.Join('\n', lines)) : Package.Content(member)), key: "");
        var rehashed = await Package.VerifyAsync(await ForgedAsync(other, member => member switch
        {
            "data/custody/entries.jsonl" => Encoding.UTF8.GetBytes(string.Join('\n', lines)),
            "data/custody/proofs.tsv" => Encoding.UTF8.GetBytes(Rehashed(line, lines[line])),
            _ => Package.Content(member),
        }), key: "");

        Assert.Equal((1, 1), (edited.Exit, rehashed.Exit));
        Assert.Contains($"ledger entry at position {position} was edited", edited.LastLine, StringComparison.Ordinal);
        Assert.Contains($"ledger entry at position {position} is not in the tree", rehashed.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_RowEditedInTheDatabaseBefore_NamesItsPosition()
    {
        await using var host = new PoliceHost();
        using var police = await host.PoliceAsync("19.02");
        var report = await host.VerifiedAsync("19.02");
        using var before = await PackageFolder.DownloadAsync(host, police.Http, report.Id);
        var entry = (await host.LedgerAsync(report.Id, "verified")).Single();
        await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.Id == entry.Id).ExecuteUpdateAsync(row => row.SetProperty(e => e.ActorKind, ActorKind.Admin)));

        using var after = await PackageFolder.DownloadAsync(host, police.Http, report.Id);

        Assert.Equal(0, (await before.VerifyAsync()).Exit);
        var run = await after.VerifyAsync();
        Assert.Equal(1, run.Exit);
        Assert.Contains($"ledger entry at position {entry.Position} was edited", run.LastLine, StringComparison.Ordinal);
    }

    private byte[] Flipped(int at)
    {
        var bytes = Package.Bytes.ToArray();
        bytes[at] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
        return bytes;
    }

    private string Rehashed(int line, string entry)
    {
        var lines = Package.Text("data/custody/proofs.tsv").Split('\n');
        var parts = lines[line].Split('\t');
        lines[line] = $"{parts[0]}\t{Convert.ToHexStringLower(MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(entry)))}\t{parts[2]}";
        return string.Join('\n', lines);
    }

    /// <summary>The archive written anew, by the product's own writer.</summary>
    private async Task<byte[]> RepackedAsync(Func<string, byte[]?> content, string? added = null)
    {
        var output = new MemoryStream();
        var zip = new ZipWriter(output, Package.Root + "/");
        foreach (var member in Package.Members)
        {
            if (content(member) is { } bytes)
            {
                await zip.AddAsync(member, bytes, CancellationToken.None);
            }
        }

        if (added is not null)
        {
            await zip.AddAsync(added, "planted"u8.ToArray(), CancellationToken.None);
        }

        await zip.FinishAsync(CancellationToken.None);
        return output.ToArray();
    }

    /// <summary>A package with all manifests made to fit again, signed by somebody else.</summary>
    private Task<byte[]> ForgedAsync(ECDsa key, Func<string, byte[]> content)
    {
        var files = Package.Members.ToDictionary(m => m, content);
        files["public-key.pem"] = Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n");
        files["data/custody/tree-head.json.sig"] = Sign(files["data/custody/tree-head.json"]);
        var payload = files.Keys.Where(m => m.StartsWith("data/", StringComparison.Ordinal)).ToList();
        files["bag-info.txt"] = Encoding.UTF8.GetBytes($"Payload-Oxum: {payload.Sum(m => files[m].Length)}.{payload.Count}\n");
        files["manifest-sha256.txt"] = Lines(payload);
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(Package.Text("manifest.json"))!;
        foreach (var file in manifest["files"]!.AsArray())
        {
            var path = file!["path"]!.GetValue<string>();
            (file["sha256"], file["size"]) = (Hex(path), files[path].Length);
        }

        files["manifest.json"] = CanonicalJson.Serialize(manifest);
        files["manifest.json.sig"] = Sign(files["manifest.json"]);
        files["tagmanifest-sha256.txt"] = Lines(files.Keys.Except(payload).Except(["tagmanifest-sha256.txt"]));
        return RepackedAsync(m => files[m]);

        byte[] Sign(byte[] text) => key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        string Hex(string path) => Convert.ToHexStringLower(SHA256.HashData(files[path]));
        byte[] Lines(IEnumerable<string> paths) => Encoding.UTF8.GetBytes(string.Concat(paths.Order(StringComparer.Ordinal).Select(p => $"{Hex(p)}  {p}\n")));
    }
}
