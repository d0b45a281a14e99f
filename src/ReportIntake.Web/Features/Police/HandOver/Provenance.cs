using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>
/// The custody trail in the words of the Cyber-investigation Analysis Standard Expression (CASE 1.4 over UCO 1.4), as JSON-LD:
/// the report is an investigation, each file a <c>File</c> with its hashes, each ledger entry an <c>InvestigativeAction</c>.
/// It adds nothing to <c>custody/entries.jsonl</c>, which is what the proofs are about.
/// </summary>
internal sealed class Provenance(Guid reportId, string reference, IReadOnlyList<PackageItem> items)
{
    private const string Tool = "kb:tool-reportintake";

    private readonly HashSet<string> performers = [];

    private string Investigation => $"kb:investigation-{reportId}";

    private string Record => $"kb:provenance-record-{reportId}";

    /// <summary>The document, a node at a time.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> WriteAsync(IAsyncEnumerable<LedgerEntry> entries, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return Encoding.UTF8.GetBytes($$"""{"@context":{{Context().ToJsonString()}},"@graph":[""" + "\n");
        foreach (var node in Subjects())
        {
            yield return Encoding.UTF8.GetBytes(node.ToJsonString() + ",\n");
        }

        await foreach (var entry in entries.WithCancellation(ct))
        {
            foreach (var node in Of(entry))
            {
                yield return Encoding.UTF8.GetBytes(node.ToJsonString() + ",\n");
            }
        }

        // Last, so that every node before it can end with a comma.
        yield return Encoding.UTF8.GetBytes(TheRecord().ToJsonString() + "\n]}\n");
    }

    private static JsonObject Context() => new()
    {
        ["kb"] = "urn:reportintake:",
        ["case-investigation"] = "https://ontology.caseontology.org/case/investigation/",
        ["uco-action"] = "https://ontology.unifiedcyberontology.org/uco/action/",
        ["uco-core"] = "https://ontology.unifiedcyberontology.org/uco/core/",
        ["uco-identity"] = "https://ontology.unifiedcyberontology.org/uco/identity/",
        ["uco-observable"] = "https://ontology.unifiedcyberontology.org/uco/observable/",
        ["uco-tool"] = "https://ontology.unifiedcyberontology.org/uco/tool/",
        ["uco-types"] = "https://ontology.unifiedcyberontology.org/uco/types/",
        ["uco-vocabulary"] = "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
        ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
    };

    private IEnumerable<JsonObject> Subjects()
    {
        yield return new JsonObject
        {
            ["@id"] = Investigation,
            ["@type"] = "case-investigation:Investigation",
            ["uco-core:name"] = reference,
            ["uco-core:object"] = new JsonArray([.. items.Select(i => Reference(File(i.Evidence.Id))), Reference(Record)]),
        };
        yield return new JsonObject { ["@id"] = Tool, ["@type"] = "uco-tool:Tool", ["uco-core:name"] = "ReportIntake" };
        foreach (var item in items)
        {
            yield return new JsonObject
            {
                ["@id"] = File(item.Evidence.Id),
                ["@type"] = "uco-observable:File",
                ["uco-core:hasFacet"] = new JsonArray(FileFacet(item), ContentFacet(item.Evidence)),
            };
        }
    }

    private static JsonObject FileFacet(PackageItem item)
    {
        var facet = new JsonObject { ["@type"] = "uco-observable:FileFacet", ["uco-observable:fileName"] = item.Evidence.Name };
        if (item.Path is { } path)
        {
            facet["uco-observable:filePath"] = path;
        }

        return facet;
    }

    private static JsonObject ContentFacet(EvidenceItem item) => new()
    {
        ["@type"] = "uco-observable:ContentDataFacet",
        ["uco-observable:mimeType"] = item.MediaType,
        ["uco-observable:sizeInBytes"] = Literal("xsd:integer", item.Size!.Value.ToString(CultureInfo.InvariantCulture)),
        ["uco-observable:hash"] = new JsonArray(
            [.. new[] { ("SHA256", item.Sha256), ("MD5", item.Md5) }.Where(h => h.Item2 is not null).Select(h => Hash(h.Item1, h.Item2!))]),
    };

    private static JsonObject Hash(string method, byte[] value) => new()
    {
        ["@type"] = "uco-types:Hash",
        ["uco-types:hashMethod"] = Literal("uco-vocabulary:HashNameVocab", method),
        ["uco-types:hashValue"] = Literal("xsd:hexBinary", Convert.ToHexString(value)),
    };

    private IEnumerable<JsonObject> Of(LedgerEntry entry)
    {
        var performer = Performer(entry);
        if (performer != Tool && performers.Add(performer))
        {
            yield return new JsonObject { ["@id"] = performer, ["@type"] = "uco-identity:Identity", ["uco-core:name"] = entry.ActorKind.Name() };
        }

        var action = new JsonObject
        {
            ["@id"] = $"kb:investigative-action-{entry.Id}",
            ["@type"] = "case-investigation:InvestigativeAction",
            ["uco-core:name"] = entry.Action,
            ["uco-core:description"] = string.Create(
                CultureInfo.InvariantCulture, $"Custody ledger position {entry.Position}, leaf hash {Convert.ToHexStringLower(entry.LeafHash)}, details {entry.Details}"),
            ["uco-action:startTime"] = Literal("xsd:dateTime", PackageWriter.Time(entry.At)),
            ["uco-action:performer"] = Reference(performer),
            ["uco-action:instrument"] = Reference(Tool),
            ["uco-action:object"] = Reference(entry.EvidenceId is { } evidence ? File(evidence) : Investigation),
        };
        if (entry.Action == HandOverPackage.LedgerAction && entry.EvidenceId is null)
        {
            action["uco-action:result"] = Reference(Record);
        }

        yield return action;
    }

    private JsonObject TheRecord() => new()
    {
        ["@id"] = Record,
        ["@type"] = "case-investigation:ProvenanceRecord",
        ["case-investigation:exhibitNumber"] = reference,
        ["uco-core:object"] = new JsonArray([.. items.Select(i => Reference(File(i.Evidence.Id)))]),
    };

    private static string Performer(LedgerEntry entry) => entry.ActorKind switch
    {
        ActorKind.System => Tool,
        ActorKind.Reporter => "kb:identity-reporter",
        _ => $"kb:identity-{entry.ActorId}",
    };

    private static string File(Guid evidenceId) => $"kb:file-{evidenceId}";

    private static JsonObject Reference(string id) => new() { ["@id"] = id };

    private static JsonObject Literal(string type, string value) => new() { ["@type"] = type, ["@value"] = value };
}
