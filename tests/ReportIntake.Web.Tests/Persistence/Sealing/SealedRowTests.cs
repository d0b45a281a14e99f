using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Configurations;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Persistence.Sealing;

/// <summary>What the rows of a real database hold, and what happens when they hold something else.</summary>
public sealed class SealedRowTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    [Fact]
    public async Task Text_Saved_IsBytesInTheRowAndTextInTheProgram()
    {
        var report = await host.AddAsync(handle: "Nama.Akun");

        var (row, lookup) = await RowAsync(report.Id);
        var read = await host.WithDatabaseAsync(d => d.Set<Indicator>()
            .Where(i => EF.Property<Guid>(i, "ReportId") == report.Id).Select(i => new { i.Value, i.Normalised }).SingleAsync());

        Assert.Equal(("Nama.Akun", "michat:nama.akun"), (read.Value, read.Normalised));
        Assert.Equal("michat:nama.akun".Length + ColumnSealer.Overhead, row.Length);
        Assert.True(row.AsSpan().IndexOf("nama"u8) < 0);
        Assert.Equal(ColumnSealer.LookupSize, lookup.Length);
    }

    [Fact]
    public async Task Lookup_SameAccountInTwoReports_FindsBoth()
    {
        var (first, second) = (await host.AddAsync(handle: "@Dua.Kali"), await host.AddAsync(handle: "dua.kali"));

        var found = await host.WithDatabaseAsync(d =>
        {
            var key = d.LookupKey(IndicatorConfiguration.NormalisedLookup, "michat:dua.kali");
            return d.Set<Indicator>().Where(i => EF.Property<byte[]>(i, IndicatorConfiguration.NormalisedLookup) == key)
                .Select(i => EF.Property<Guid>(i, "ReportId")).ToListAsync();
        });

        Assert.Equal(new[] { first.Id, second.Id }.Order(), found.Order());
    }

    [Fact]
    public async Task Text_RowEdited_IsRefusedAndNotAnswered()
    {
        var report = await host.AddAsync();
        await host.WithDatabaseAsync(d => d.Database.ExecuteSqlAsync($"UPDATE Reports SET Description = {"Someone else."u8.ToArray()} WHERE Id = {report.Id}"));

        var read = host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == report.Id).Select(r => r.Description).SingleAsync());

        var refusal = await Assert.ThrowsAsync<SealedValueException>(() => read);
        Assert.Contains("Reports.Description", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_CopiedWithoutItsKeys_DoesNotOpen()
    {
        var (origin, stolen) = (Directory.CreateTempSubdirectory("reportintake-origin-"), Directory.CreateTempSubdirectory("reportintake-stolen-"));
        try
        {
            var report = ModerationHost.Submitted(handle: "nama.akun");
            await StoredData.ReadAsync(origin.FullName, async d =>
            {
                await d.MigrateSafelyAsync();
                d.Reports.Add(report);
                return await d.SaveChangesAsync();
            });
            Assert.Equal(report.Description, await StoredData.ReadAsync(origin.FullName, d => d.Reports.Select(r => r.Description).SingleAsync()));
            await StoredData.ReadAsync(origin.FullName, d => d.Database.ExecuteSqlAsync($"VACUUM INTO {Path.Combine(stolen.FullName, "reportintake.db")}"));

            var read = StoredData.ReadAsync(stolen.FullName, d => d.Reports.Select(r => r.Description).SingleAsync());

            var refusal = await Assert.ThrowsAsync<SealedValueException>(() => read);
            Assert.Contains("key ring", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(report.Reference, await StoredData.ReadAsync(stolen.FullName, d => d.Reports.Select(r => r.Reference).SingleAsync()));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            origin.Delete(recursive: true);
            stolen.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Text_WrittenBeforeAnythingWasRead_IsSealed()
    {
        var directory = Directory.CreateTempSubdirectory("reportintake-first-write-");
        try
        {
            await StoredData.ReadAsync(directory.FullName, async d =>
            {
                await d.MigrateSafelyAsync();
                return 0;
            });

            await StoredData.ReadAsync(directory.FullName, d =>
            {
                d.Ledger.Add(LedgerEntry.Write(Domain.Actor.System, "original_read", null, null, new Dictionary<string, string> { ["purpose"] = "Letter B/78" }, TimeProvider.System.GetUtcNow()));
                return d.SaveChangesAsync();
            });

            Assert.Equal("Letter B/78", await StoredData.ReadAsync(directory.FullName, d => d.Ledger.Select(e => e.Purpose).SingleAsync()));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Purpose_OfALedgerEntry_IsSealedAndReadBack()
    {
        var entry = LedgerEntry.Write(Domain.Actor.System, "original_read", null, null, new Dictionary<string, string> { ["purpose"] = "Letter B/77" }, TimeProvider.System.GetUtcNow());
        await host.WithDatabaseAsync(async d =>
        {
            d.Ledger.Add(entry);
            return await d.SaveChangesAsync();
        });

        var read = await host.WithDatabaseAsync(d => d.Ledger.AsNoTracking().SingleAsync(e => e.Id == entry.Id));

        Assert.Equal("Letter B/77", read.Purpose);
        Assert.True(read.PurposeIsAsLogged());
        Assert.Equal(entry.LeafHash, read.ComputeLeafHash());
    }

    private async Task<(byte[] Sealed, byte[] Lookup)> RowAsync(Guid report) => await host.WithDatabaseAsync(async d =>
    {
        await d.Database.OpenConnectionAsync();
        await using var command = d.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT Normalised, NormalisedLookup FROM Indicators WHERE ReportId = @report";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@report", report);
        command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return ((byte[])reader[0], (byte[])reader[1]);
    });
}
