using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Jobs;
using ReportIntake.Web.Tests.Police;
using ReportIntake.Web.Tests.Police.HandOver;

namespace ReportIntake.Web.Tests.Administration.Ledger;

/// <summary>What a watcher outside gets, checked as the watcher would: with the RFC's algorithms and the answers alone.</summary>
public sealed class LedgerExportTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Ledger = "/api/v1/admin/ledger";

    private readonly JobsHost host = new() { Quiet = true };
    private HttpClient admin = null!;

    /// <summary>More than two of the blocks that proofs are computed from, and no whole number of them.</summary>
    private const int Entries = 2300;

    public async Task InitializeAsync()
    {
        admin = await host.StaffClientAsync(StaffRoles.Admin);
        await host.WithDatabaseAsync(async database =>
        {
            database.Ledger.AddRange(Enumerable.Range(0, Entries).Select(i => LedgerEntry.Write(
                Actor.System, "tested", null, null, new Dictionary<string, string> { ["n"] = $"{i}" }, host.Clock.GetUtcNow())));
            return await database.SaveChangesAsync();
        });
        await host.PublishAllAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Inclusion_AnyEntryInAnySize_Verifies()
    {
        foreach (var size in new long[] { 1, 2, 700, 1023, 1024, 1025, 2047, 2048, 2049, Entries })
        {
            foreach (var position in new long[] { 0, 1, 512, 1023, 1024, 1500, 2047, 2048, Entries - 1 }.Where(p => p < size))
            {
                var proof = await admin.JsonAsync($"{Ledger}/inclusion/{position}?treeSize={size}");

                var leaf = Convert.FromHexString(proof.Text("leafHash"));
                Assert.Equal(leaf, MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(proof.Text("entry"))));
                Assert.True(MerkleTree.VerifyInclusion(leaf, position, size, Hashes(proof), Convert.FromHexString(proof.Text("root"))), $"{position} of {size}");
            }
        }
    }

    [Fact]
    public async Task Inclusion_ById_IsTheSame()
    {
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.Position == 1234));

        var byId = await admin.JsonAsync($"{Ledger}/inclusion/{entry.Id}");
        var byPosition = await admin.JsonAsync($"{Ledger}/inclusion/1234");

        Assert.Equal(byPosition.ToString(), byId.ToString());
    }

    [Fact]
    public async Task Consistency_AnyTwoSizes_Verifies()
    {
        var sizes = new long[] { 0, 1, 3, 1000, 1024, 1025, 2048, 2299, Entries };
        foreach (var (first, second) in sizes.SelectMany(a => sizes.Where(b => b >= a).Select(b => (a, b))))
        {
            var proof = await admin.JsonAsync($"{Ledger}/consistency?first={first}&second={second}");

            Assert.True(
                MerkleTree.VerifyConsistency(first, second, Convert.FromHexString(proof.Text("firstRoot")), Convert.FromHexString(proof.Text("secondRoot")), Hashes(proof)),
                $"{first} to {second}");
        }
    }

    [Theory]
    [InlineData("inclusion/2300", HttpStatusCode.NotFound, "ledger_entry_not_found")]
    [InlineData("inclusion/nothing", HttpStatusCode.NotFound, "ledger_entry_not_found")]
    [InlineData("inclusion/5?treeSize=5", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("inclusion/5?treeSize=2301", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("consistency?first=3&second=2", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("consistency?first=0&second=2301", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("tree-heads/5", HttpStatusCode.NotFound, "tree_head_not_found")]
    [InlineData("tree-heads?limit=0", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("tree-heads?cursor=x", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("entries?after=-2", HttpStatusCode.BadRequest, "validation_failed")]
    public async Task Export_WhatIsNotThere_IsRefused(string route, HttpStatusCode status, string code)
    {
        using var answer = await admin.GetAsync($"{Ledger}/{route}");

        Assert.Equal(code, await answer.CodeAsync(status));
    }

    [Fact]
    public async Task Proofs_EntryMissing_SayThatTheLedgerIsDamaged()
    {
        await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.Position == 1500).ExecuteDeleteAsync());

        using var inclusion = await admin.GetAsync($"{Ledger}/inclusion/1501");
        using var consistency = await admin.GetAsync($"{Ledger}/consistency?first=1600");

        Assert.Equal("ledger_damaged", await inclusion.CodeAsync(HttpStatusCode.InternalServerError));
        Assert.Equal("ledger_damaged", await consistency.CodeAsync(HttpStatusCode.InternalServerError));
    }

    [Fact]
    public async Task TreeHeads_Signed_AreListedNewestFirstByPages()
    {
        var sizes = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            using var signed = await admin.PostAsync($"{Ledger}/tree-heads", null);
            sizes.Add((await signed.JsonAsync(HttpStatusCode.OK)).GetProperty("size").GetInt64());
            await AddOneAsync();
        }

        var first = await admin.JsonAsync($"{Ledger}/tree-heads?limit=2");
        var second = await admin.JsonAsync($"{Ledger}/tree-heads?limit=2&cursor={first.Text("nextCursor")}");

        Assert.Equal([sizes[2], sizes[1]], first.GetProperty("items").EnumerateArray().Select(h => h.GetProperty("size").GetInt64()));
        Assert.Equal([sizes[0]], second.GetProperty("items").EnumerateArray().Select(h => h.GetProperty("size").GetInt64()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task TreeHead_Exported_TheScriptVerifiesItAndNamesAChange()
    {
        await admin.PostAsync($"{Ledger}/tree-heads", null);
        using var folder = new Scratch();
        var head = await admin.GetStringAsync($"{Ledger}/tree-heads/{Entries}");
        var key = folder.Write("key.pem", await admin.GetStringAsync("/api/v1/signing-key"));

        var good = await VerifyScript.RunAsync(folder.Write("head.json", head), key);
        var resized = await VerifyScript.RunAsync(folder.Write("resized.json", head.Replace("\"size\":2300", "\"size\":2301", StringComparison.Ordinal)), key);
        var edited = await VerifyScript.RunAsync(folder.Write("edited.json", head.Replace(":2300}", ":2301}", StringComparison.Ordinal)), key);

        Assert.True(good.Exit == 0 && good.LastLine.StartsWith("OK: tree head of size 2300", StringComparison.Ordinal), good.Output);
        Assert.Equal((1, "WRONG: size is not the one that was signed"), (resized.Exit, resized.LastLine));
        Assert.Equal(1, edited.Exit);
        Assert.Contains("signedText or its signature was changed", edited.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_Exported_AreTheWholeLog()
    {
        using var answer = await admin.GetAsync($"{Ledger}/entries");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rest = (await admin.GetStringAsync($"{Ledger}/entries?after={Entries - 3}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(lines[^2..], rest);
        var log = new MerkleFrontier();
        foreach (var line in lines)
        {
            var (from, to) = ("{\"entry\":".Length, line.LastIndexOf(",\"leafHash\"", StringComparison.Ordinal));
            log.Append(MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(line[from..to])));
            Assert.Equal(line, Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonDocument.Parse(line).RootElement)));
        }

        var state = await admin.JsonAsync(Ledger);
        Assert.Equal(state.Text("root"), Convert.ToHexStringLower(log.Root));
    }

    [Fact]
    public async Task SigningKey_ById_IsTheOneThatTheLedgerNames()
    {
        using var anybody = host.Client();
        var named = (await admin.JsonAsync(Ledger)).GetProperty("keys").EnumerateArray().Select(k => k.Text("keyId")).SingleOrDefault();
        var current = await anybody.GetStringAsync("/api/v1/signing-key");
        using var key = ECDsa.Create();
        key.ImportFromPem(current);
        var id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

        using var unknown = await anybody.GetAsync("/api/v1/signing-key?keyId=0");

        Assert.True(named is null || named == id);
        Assert.Equal(current, await anybody.GetStringAsync($"/api/v1/signing-key?keyId={id}"));
        Assert.Equal("signing_key_not_found", await unknown.CodeAsync(HttpStatusCode.NotFound));
    }

    private async Task AddOneAsync()
    {
        await host.WithDatabaseAsync(async database =>
        {
            database.Ledger.Add(LedgerEntry.Write(Actor.System, "tested", null, null, new Dictionary<string, string>(), host.Clock.GetUtcNow()));
            return await database.SaveChangesAsync();
        });
        await host.PublishAllAsync();
    }

    private static List<byte[]> Hashes(JsonElement proof) => [.. proof.GetProperty("path").EnumerateArray().Select(h => Convert.FromHexString(h.GetString()!))];
}
