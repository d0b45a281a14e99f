using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Evidence;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Administration.Ledger;

/// <summary>A store of two files, one with a working copy, changed behind the program's back.</summary>
public sealed class VerifyEvidenceTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly PoliceHost host = new();
    private EvidenceItem first = null!, second = null!;

    public async Task InitializeAsync()
    {
        var report = await host.VerifiedAsync("32.73");
        first = await host.EvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(200_000));
        second = await host.EvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(10));
        var store = host.Services.GetRequiredService<IEvidenceStore>();
        Assert.True((await store.WriteAsync(BlobKey.WorkingCopy(second.Id), new MemoryStream(RandomNumberGenerator.GetBytes(500)), CancellationToken.None)).IsSuccess);
        await host.WithDatabaseAsync(database =>
        {
            database.Ledger.AddRange(new[] { first, second }.Select(e => Custody.Entry(Actor.Reporter, "evidence_received", e, host.Now)));
            return database.SaveChangesAsync();
        });
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Verify_Untouched_NothingIsFound()
    {
        var verdict = await VerifyAsync();

        Assert.Equal((3, 0), (verdict.Read, verdict.Findings.Count));
    }

    [Fact]
    public async Task Verify_AnyByteOfAnyBlob_NamesTheEvidence()
    {
        // The blobs, and the keys beside them.
        var files = new[] { first, second }.SelectMany(e => Directory.EnumerateFiles(host.DataDirectory, $"{e.Id:n}*", SearchOption.AllDirectories).Select(f => (f, e))).ToList();
        Assert.True(files.Count >= 3);
        foreach (var (file, evidence) in files)
        {
            var intact = await File.ReadAllBytesAsync(file);
            foreach (var at in new[] { 0, intact.Length - 1, RandomNumberGenerator.GetInt32(intact.Length), RandomNumberGenerator.GetInt32(intact.Length) })
            {
                var bytes = intact.ToArray();
                bytes[at] ^= (byte)(1 << RandomNumberGenerator.GetInt32(8));
                await File.WriteAllBytesAsync(file, bytes);

                var finding = Assert.Single((await VerifyAsync()).Findings);
                Assert.True(finding.EvidenceId == evidence.Id, $"{file} at {at}: {finding.Message}");
            }

            await File.WriteAllBytesAsync(file, intact);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Verify_CopyCutOff_NamesTheEvidence(int length)
    {
        var file = Blob(second, "working_copy");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..length]);

        Assert.Equal(second.Id, Assert.Single((await VerifyAsync()).Findings).EvidenceId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public async Task Verify_OriginalCutOff_NamesTheEvidence(int length)
    {
        var file = Blob(first, "original");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..length]);

        Assert.Equal(first.Id, Assert.Single((await VerifyAsync()).Findings).EvidenceId);
    }

    [Fact]
    public async Task Verify_OriginalsExchanged_NamesBoth()
    {
        var (a, b) = (Blob(first, "original"), Blob(second, "original"));
        var kept = await File.ReadAllBytesAsync(a);
        await File.WriteAllBytesAsync(a, await File.ReadAllBytesAsync(b));
        await File.WriteAllBytesAsync(b, kept);

        Assert.Equal(new[] { first.Id, second.Id }.Order(), (await VerifyAsync()).Findings.Select(f => f.EvidenceId));
    }

    [Fact]
    public async Task Verify_OriginalGone_NamesTheEvidence()
    {
        File.Delete(Blob(second, "original"));

        Assert.Contains("missing", Assert.Single((await VerifyAsync()).Findings, f => f.EvidenceId == second.Id).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_RowsHashEdited_FileAndLedgerBothTell()
    {
        var other = SHA256.HashData([1]);
        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == first.Id).ExecuteUpdateAsync(row => row.SetProperty(e => e.Sha256, other)));

        var findings = (await VerifyAsync()).Findings;

        Assert.Equal(2, findings.Count);
        Assert.All(findings, f => Assert.Equal(first.Id, f.EvidenceId));
    }

    [Fact]
    public async Task Verify_RowDeleted_TheLedgerTells()
    {
        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == first.Id).ExecuteDeleteAsync());

        Assert.Contains("the ledger knows it", Assert.Single((await VerifyAsync()).Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_DestroyedBySchedule_NothingIsFound()
    {
        await host.WithDatabaseAsync(async database =>
        {
            await DestroyedEvidence.RemoveAsync(database, await database.Evidence.Where(e => e.Id == first.Id).ToListAsync(), host.Now, CancellationToken.None);
            return await database.SaveChangesAsync();
        });
        File.Delete(Blob(first, "original"));

        Assert.Empty((await VerifyAsync()).Findings);
    }

    private string Blob(EvidenceItem item, string kind) =>
        Directory.EnumerateFiles(host.DataDirectory, $"{item.Id:n}.{kind}", SearchOption.AllDirectories).Single();

    private async Task<VerifyEvidence.Verdict> VerifyAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VerifyEvidence>().VerifyAsync(CancellationToken.None);
    }
}
