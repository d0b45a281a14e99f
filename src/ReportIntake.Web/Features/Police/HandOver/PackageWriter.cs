using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>All that one package is made of.</summary>
internal sealed record PackageContents(
    PoliceReport Report, IReadOnlyList<PackageItem> Items, IReadOnlyList<FileSheet> Sheets, CustodyEntries Entries, TreeHead Head, SigningKey Key, Guid ClientId, DateTimeOffset At);

/// <summary>
/// Writes a package: a bag (BagIt 1.0, RFC 8493) as a zip archive, the members always in the same order, the hashes at the
/// end because they are taken on the way. <c>manifest.json</c> is canonical (RFC 8785) and signed; it names every file of
/// the bag but its own signature and <c>tagmanifest-sha256.txt</c>, which in turn has the hashes of both.
/// </summary>
internal sealed class PackageWriter(PackageContents package, IEvidenceStore store, JsonSerializerOptions json)
{
    /// <summary>Far above what words and hashes of one report can come to, and below where zip needs its long form.</summary>
    private const long TextAtMost = uint.MaxValue - 1;

    private static readonly string[] Withheld = [.. Enum.GetValues<ReportAction>().Select(a => a.Name()).Except(ReadVerifiedReport.ToldNames).Order(StringComparer.Ordinal)];

    private readonly List<ZipMember> members = [];

    /// <exception cref="EvidenceCorruptException">An original is not what was stored; what was written so far is no archive.</exception>
    public async Task WriteAsync(Stream output, CancellationToken ct)
    {
        var zip = new ZipWriter(output, package.Report.Reference + "/");
        await AddAsync(zip, "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", ct);
        await AddAsync(zip, "public-key.pem", package.Key.PublicKeyPem.TrimEnd('\n') + "\n", ct);
        members.Add(await zip.AddAsync("data/report.json", JsonSerializer.SerializeToUtf8Bytes(package.Report, json), ct));
        foreach (var sheet in package.Sheets)
        {
            members.Add(await zip.AddAsync($"data/metadata/{sheet.Id}.json", JsonSerializer.SerializeToUtf8Bytes(sheet, json), ct));
        }

        members.Add(await zip.AddAsync("data/custody/tree-head.json", package.Head.SignedBytes(), ct));
        members.Add(await zip.AddAsync("data/custody/tree-head.json.sig", package.Head.Signature, ct));
        members.Add(await zip.AddAsync("data/custody/entries.jsonl", package.Entries.LinesAsync(ct), TextAtMost, ct));
        members.Add(await zip.AddAsync("data/custody/proofs.tsv", package.Entries.ProofsAsync(ct), TextAtMost, ct));
        var provenance = new Provenance(package.Report.Id, package.Report.Reference, package.Items);
        members.Add(await zip.AddAsync("data/provenance.jsonld", provenance.WriteAsync(package.Entries.ReadAsync(ct), ct), TextAtMost, ct));
        foreach (var item in package.Items.Where(i => i.Path is not null))
        {
            members.Add(await AddOriginalAsync(zip, item, ct));
        }

        var payload = members.Where(m => m.Path.StartsWith("data/", StringComparison.Ordinal)).ToList();
        await AddAsync(zip, "bag-info.txt", string.Create(CultureInfo.InvariantCulture, $"""
            Bag-Software-Agent: ReportIntake
            Bagging-Date: {package.At.UtcDateTime:yyyy-MM-dd}
            External-Identifier: {package.Report.Reference}
            Internal-Sender-Identifier: {package.Report.Id}
            Payload-Oxum: {payload.Sum(m => m.Size)}.{payload.Count}

            """), ct);
        await AddAsync(zip, "manifest-sha256.txt", Lines(payload), ct);
        var manifest = CanonicalJson.Serialize(Manifest());
        members.Add(await zip.AddAsync("manifest.json", manifest, ct));
        members.Add(await zip.AddAsync("manifest.json.sig", package.Key.Sign(manifest), ct));
        await zip.AddAsync("tagmanifest-sha256.txt", Encoding.UTF8.GetBytes(Lines(members.Except(payload))), ct);
        await zip.FinishAsync(ct);
    }

    /// <summary>RFC 3339 in UTC with microseconds, as the ledger writes it.</summary>
    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private async Task AddAsync(ZipWriter zip, string path, string text, CancellationToken ct) =>
        members.Add(await zip.AddAsync(path, Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")), ct));

    private async Task<ZipMember> AddOriginalAsync(ZipWriter zip, PackageItem item, CancellationToken ct)
    {
        var member = await zip.AddAsync(item.Path!, ReadAsync(item.Evidence, ct), item.Evidence.Size!.Value, ct);
        return member.Size == item.Evidence.Size && member.Sha256.AsSpan().SequenceEqual(item.Evidence.Sha256)
            ? member
            : throw new EvidenceCorruptException(BlobKey.Original(item.Evidence.Id), "its size or SHA-256 is not the recorded one");
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(EvidenceItem item, [EnumeratorCancellation] CancellationToken ct)
    {
        var key = BlobKey.Original(item.Id);
        await using var original = await store.OpenReadAsync(key, ct) ?? throw new EvidenceCorruptException(key, "it is missing");
        var buffer = ArrayPool<byte>.Shared.Rent(SealedBlobFormat.SegmentSize);
        try
        {
            while (await original.ReadAsync(buffer, ct) is var read and > 0)
            {
                yield return buffer.AsMemory(0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private JsonObject Manifest() => new()
    {
        ["type"] = "hand_over_package",
        ["version"] = 1,
        ["reference"] = package.Report.Reference,
        ["reportId"] = package.Report.Id.ToString(),
        ["reportVersion"] = package.Report.Version,
        ["clientId"] = package.ClientId.ToString(),
        ["createdAt"] = Time(package.At),
        ["keyId"] = package.Key.KeyId,
        ["treeHead"] = new JsonObject
        {
            ["at"] = Time(package.Head.At),
            ["root"] = Convert.ToHexStringLower(package.Head.Root),
            ["size"] = package.Head.Size,
        },
        ["withheldActions"] = new JsonArray([.. Withheld.Select(name => JsonValue.Create(name))]),
        ["files"] = new JsonArray([.. Ordered(members).Select(m => new JsonObject
        {
            ["path"] = m.Path,
            ["sha256"] = Convert.ToHexStringLower(m.Sha256),
            ["size"] = m.Size,
        })]),
    };

    private static string Lines(IEnumerable<ZipMember> of) => string.Concat(Ordered(of).Select(m => $"{Convert.ToHexStringLower(m.Sha256)}  {m.Path}\n"));

    private static IEnumerable<ZipMember> Ordered(IEnumerable<ZipMember> of) => of.OrderBy(m => m.Path, StringComparer.Ordinal);
}
