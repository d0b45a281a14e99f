using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Jobs;

namespace ReportIntake.Web.Tests.Administration.Ledger;

/// <summary>A log of 20 entries, signed at 6 and at 12, changed behind the program's back.</summary>
public sealed class VerifyLedgerTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly JobsHost host = new() { Quiet = true };

    public async Task InitializeAsync()
    {
        await WriteAsync(6);
        await SignAsync();
        await WriteAsync(6);
        await SignAsync();
        await WriteAsync(8);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Verify_CleanLog_Intact()
    {
        await WriteAsync(2, publish: false);

        var verdict = await VerifyAsync();

        Assert.True(verdict.IsIntact, verdict.FirstFlaw?.Message);
        Assert.Equal((20, 2, 2), (verdict.Entries, verdict.Unpublished, verdict.TreeHeads));
    }

    [Fact]
    public async Task Verify_EmptyLog_Intact()
    {
        await using var empty = new JobsHost { Quiet = true };
        await SignAsync(empty);

        var verdict = await VerifyAsync(empty);

        Assert.True(verdict.IsIntact, verdict.FirstFlaw?.Message);
        Assert.Equal(Convert.ToHexStringLower(MerkleTree.EmptyRoot), verdict.Root);
    }

    [Theory]
    [InlineData("Action = 'read'")]
    [InlineData("Details = '{\"n\":\"other\"}'")]
    [InlineData("Details = 'not JSON'")]
    [InlineData("ActorKind = 'admin'")]
    [InlineData("ActorKind = 'nobody'")]
    [InlineData("ReportId = '0193b0a0-0000-7000-8000-000000000000'")]
    public async Task Verify_RowEdited_NamesIt(string change)
    {
        await SqlAsync($"UPDATE Ledger SET {change} WHERE Position = 9");

        Assert.Equal((LedgerFlaw.EntryEdited, 9), await FlawAsync());
    }

    [Fact]
    public async Task Verify_RowDeletedInTheMiddle_NamesIt()
    {
        await SqlAsync("DELETE FROM Ledger WHERE Position = 9");

        Assert.Equal((LedgerFlaw.EntryMissing, 9), await FlawAsync());
    }

    [Fact]
    public async Task Verify_RowDeletedAndTheRestMovedUp_NamesTheRange()
    {
        await SqlAsync("DELETE FROM Ledger WHERE Position = 9");
        for (var position = 10; position < 20; position++)
        {
            await SqlAsync($"UPDATE Ledger SET Position = {position - 1} WHERE Position = {position}");
        }

        Assert.Equal(new LedgerFinding(LedgerFlaw.RangeRewritten, 6, 11, null), (await VerifyAsync()).FirstFlaw);
    }

    [Fact]
    public async Task Verify_TailCutOff_NamesItsFirst()
    {
        await SqlAsync("DELETE FROM Ledger WHERE Position >= 17");

        Assert.Equal((LedgerFlaw.CutOff, 17), await FlawAsync());
    }

    [Fact]
    public async Task Verify_TailCutOffAndTheStateRolledBack_TheSignedHeadTells()
    {
        var shorter = new MerkleFrontier();
        foreach (var hash in await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.Position < 10).OrderBy(e => e.Position).Select(e => e.LeafHash).ToListAsync()))
        {
            shorter.Append(hash);
        }

        await SqlAsync("DELETE FROM Ledger WHERE Position >= 10");
        var bytes = shorter.ToBytes();
        await host.WithDatabaseAsync(d => d.PublicationState.ExecuteUpdateAsync(row => row.SetProperty(s => s.LedgerFrontier, bytes)));

        Assert.Equal((LedgerFlaw.CutOff, 10), await FlawAsync());
    }

    /// <summary>Rows, heads and state rolled back together: the database is consistent with itself, and shorter than it was.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(19)]
    public async Task Verify_EverythingRolledBack_TheHeadKeptElsewhereTells(long size)
    {
        var kept = JsonSerializer.Serialize(SignedHead.Of(await SignAsync()), Json());
        var shorter = new MerkleFrontier();
        foreach (var hash in await host.WithDatabaseAsync(d => d.Ledger.Where(e => e.Position < size).OrderBy(e => e.Position).Select(e => e.LeafHash).ToListAsync()))
        {
            shorter.Append(hash);
        }

        await SqlAsync($"DELETE FROM Ledger WHERE Position >= {size}");
        await SqlAsync($"DELETE FROM TreeHeads WHERE Size > {size}");
        var bytes = shorter.ToBytes();
        await host.WithDatabaseAsync(d => d.PublicationState.ExecuteUpdateAsync(row => row.SetProperty(s => s.LedgerFrontier, bytes)));

        Assert.True((await VerifyAsync()).IsIntact);
        await using var scope = host.Services.CreateAsyncScope();
        var verdict = await scope.ServiceProvider.GetRequiredService<VerifyLedger>().VerifyAsync(KeptTreeHeads.Parse(kept), CancellationToken.None);
        Assert.Equal(new LedgerFinding(LedgerFlaw.CutOff, size, null, null), verdict.FirstFlaw);
    }

    [Fact]
    public async Task Parse_KeptHeadEdited_IsRefused()
    {
        var kept = JsonSerializer.Serialize(SignedHead.Of(await SignAsync()), Json());

        Assert.Throws<FormatException>(() => KeptTreeHeads.Parse(kept.Replace("\"size\":20,", "\"size\":19,", StringComparison.Ordinal)));
        Assert.Throws<FormatException>(() => KeptTreeHeads.Parse("[]"));
        Assert.Throws<FormatException>(() => KeptTreeHeads.Parse("no JSON"));
    }

    [Fact]
    public async Task Verify_RowsSwapped_NamesTheRangeBetweenHeads()
    {
        await SqlAsync("UPDATE Ledger SET Position = -1 WHERE Position = 7");
        await SqlAsync("UPDATE Ledger SET Position = 7 WHERE Position = 9");
        await SqlAsync("UPDATE Ledger SET Position = 9 WHERE Position = -1");

        Assert.Equal(new LedgerFinding(LedgerFlaw.RangeRewritten, 6, 11, null), (await VerifyAsync()).FirstFlaw);
    }

    [Fact]
    public async Task Verify_RowsSwappedAfterTheLastHead_TheKeptEdgeTells()
    {
        await SqlAsync("UPDATE Ledger SET Position = -1 WHERE Position = 17");
        await SqlAsync("UPDATE Ledger SET Position = 17 WHERE Position = 18");
        await SqlAsync("UPDATE Ledger SET Position = 18 WHERE Position = -1");

        Assert.Equal(new LedgerFinding(LedgerFlaw.RangeRewritten, 16, 19, null), (await VerifyAsync()).FirstFlaw);
    }

    [Fact]
    public async Task Verify_RowAndItsHashRewritten_NamesTheRange()
    {
        await SqlAsync("UPDATE Ledger SET Action = 'read' WHERE Position = 3");
        await host.WithDatabaseAsync(async database =>
        {
            var hash = (await database.Ledger.AsNoTracking().SingleAsync(e => e.Position == 3)).ComputeLeafHash();
            return await database.Ledger.Where(e => e.Position == 3).ExecuteUpdateAsync(row => row.SetProperty(e => e.LeafHash, hash));
        });

        Assert.Equal(new LedgerFinding(LedgerFlaw.RangeRewritten, 0, 5, null), (await VerifyAsync()).FirstFlaw);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(20)]
    [InlineData(99)]
    public async Task Verify_RowInserted_NamesIt(long position)
    {
        await WriteAsync(1, publish: false);
        await SqlAsync($"UPDATE Ledger SET Position = {position} WHERE Position IS NULL");

        Assert.Equal((LedgerFlaw.EntryInserted, position), await FlawAsync());
    }

    [Fact]
    public async Task Verify_UnpublishedRowEdited_NamesIt()
    {
        await WriteAsync(1, publish: false);
        await SqlAsync("UPDATE Ledger SET Action = 'read' WHERE Position IS NULL");

        var flaw = (await VerifyAsync()).FirstFlaw;

        Assert.Equal((LedgerFlaw.EntryEdited, null), (flaw!.Flaw, flaw.Position));
        Assert.NotNull(flaw.EntryId);
    }

    [Fact]
    public async Task Verify_TreeHeadChanged_NamesIt()
    {
        await SqlAsync("UPDATE TreeHeads SET At = (SELECT At FROM TreeHeads WHERE Size = 6) WHERE Size = 12");

        Assert.Equal((LedgerFlaw.TreeHeadForged, 12), await FlawAsync());
    }

    [Fact]
    public async Task Verify_StateDamaged_Told()
    {
        await host.WithDatabaseAsync(d => d.PublicationState.ExecuteUpdateAsync(row => row.SetProperty(s => s.LedgerFrontier, new byte[] { 1, 2, 3 })));

        Assert.Equal((LedgerFlaw.StateDamaged, null), await FlawAsync());
    }

    [Fact]
    public async Task Sign_SameSizeTwice_OneHead()
    {
        var first = await SignAsync();
        var second = await SignAsync();

        Assert.Equal(20, second.Size);
        Assert.Equal(first.Signature, second.Signature);
        Assert.Equal(3, await host.WithDatabaseAsync(d => d.TreeHeads.CountAsync()));
    }

    [Fact]
    public async Task Read_SignedHead_OpensslVerifiesIt()
    {
        var state = (await host.WithDatabaseAsync(d => LedgerState.ReadAsync(d, CancellationToken.None))).Value!;
        var head = state.Heads[0];
        var folder = Directory.CreateTempSubdirectory("reportintake-test-").FullName;
        try
        {
            var (key, text, signature) = (Path.Combine(folder, "key.pem"), Path.Combine(folder, "head.json"), Path.Combine(folder, "head.sig"));
            await File.WriteAllTextAsync(key, state.Keys.Single(k => k.KeyId == head.KeyId).Pem);
            await File.WriteAllTextAsync(text, head.SignedText);
            await File.WriteAllBytesAsync(signature, Convert.FromBase64String(head.Signature));

            var openssl = await ChildProcess.RunAsync("openssl", "dgst", "-sha256", "-verify", key, "-signature", signature, text);

            Assert.Equal((20, 12), (state.Size, head.Size));
            Assert.Equal("Verified OK", openssl.Out.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task SigningKey_SecondNodeAndRestart_TheSameKeyAndNotInTheClear()
    {
        await using var other = new JobsHost(host) { Quiet = true };
        using var start = other.Client();

        var mine = await host.Get<SigningKeys>().CurrentAsync(CancellationToken.None);
        var theirs = await other.Get<SigningKeys>().CurrentAsync(CancellationToken.None);

        Assert.Equal(mine.KeyId, theirs.KeyId);
        Assert.True(SigningKey.Verify(mine.PublicKeyPem, [1, 2], theirs.Sign([1, 2])));
        Assert.False(SigningKey.Verify(mine.PublicKeyPem, [1, 3], theirs.Sign([1, 2])));
        Assert.False(SigningKey.Verify("no key", [1, 2], [3]));
        var kept = await host.WithDatabaseAsync(d => d.SigningKeys.Select(k => k.ProtectedKey).SingleAsync());
        using var key = ECDsa.Create();
        Assert.ThrowsAny<CryptographicException>(() => key.ImportPkcs8PrivateKey(kept, out _));
    }

    private async Task WriteAsync(int count, bool publish = true)
    {
        await host.WithDatabaseAsync(async database =>
        {
            for (var i = 0; i < count; i++)
            {
                database.Ledger.Add(LedgerEntry.Write(
                    Actor.System, "tested", Guid.NewGuid(), null, new Dictionary<string, string> { ["n"] = $"{i}" }, host.Clock.GetUtcNow()));
            }

            return await database.SaveChangesAsync();
        });
        if (publish)
        {
            await host.PublishAllAsync();
        }
    }

    private static JsonSerializerOptions Json()
    {
        var options = new JsonSerializerOptions();
        ReportIntake.Web.ErrorHandling.ErrorHandlingSetup.Configure(options);
        return options;
    }

    private async Task<TreeHead> SignAsync(JobsHost? on = null)
    {
        (on ?? host).StartServer();
        await using var scope = (on ?? host).Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SignTreeHead>().NowAsync(CancellationToken.None);
    }

    private async Task<LedgerVerdict> VerifyAsync(JobsHost? on = null)
    {
        await using var scope = (on ?? host).Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VerifyLedger>().VerifyAsync(CancellationToken.None);
    }

    private async Task<(LedgerFlaw? Flaw, long? Position)> FlawAsync()
    {
        var flaw = (await VerifyAsync()).FirstFlaw;
        return (flaw?.Flaw, flaw?.Position);
    }

    private Task<int> SqlAsync(string sql) => host.WithDatabaseAsync(d => d.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)));
}
