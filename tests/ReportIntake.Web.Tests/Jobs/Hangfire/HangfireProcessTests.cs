using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Tests.Persistence;
using ReportIntake.Web.Tests.Resilience;

namespace ReportIntake.Web.Tests.Jobs.Hangfire;

/// <summary>The program as operators start it, its jobs run by Hangfire: the queues in SQL Server where the suite is there, otherwise in each process.</summary>
public sealed class HangfireProcessTests : IDisposable
{
    private const int Reports = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-hangfire-").FullName;
    private readonly Dictionary<string, string> settings = new()
    {
        ["Jobs__Engine"] = "Hangfire",
        ["Jobs__Lease"] = "00:00:03", // a killed worker's jobs are run again soon
    };

    private SqlServerDatabase? database;

    public void Dispose()
    {
        database?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Kill_WorkerInTheMiddleOfAJob_AnotherDoesItOnceInEffect()
    {
        Keep(inSqlServer: SqlServerDatabase.IsChosen);
        Assert.Equal(0, (await ProgramProcess.RunAsync(directory, settings, "migrate")).Exit);
        await using var web = await StartAsync("web");
        using var citizen = Submitter.Client(web.Address);
        var photo = await Media.JpegAsync(1600, 1200);
        for (var i = 0; i < Reports; i++)
        {
            await Submitter.SendAsync(citizen, new Sending(Guid.NewGuid().ToString("N"), [.. photo, (byte)i]));
        }

        await using (var first = await StartAsync("worker"))
        {
            await UntilAsync(d => d.Jobs.AnyAsync(j => j.Type == nameof(ScreenEvidence) && j.Attempts == 1));
            await first.KillAsync();
        }

        var begun = await ReadAsync(d => d.Jobs.CountAsync(j => j.Type == nameof(ScreenEvidence) && j.Attempts == 1 && j.LeasedBy != null));
        await using var second = await StartAsync("worker");
        await UntilAsync(async d => !await d.Jobs.AnyAsync(j => j.Type == nameof(ScreenEvidence)));

        Assert.NotEqual(0, begun);
        Assert.Equal(Reports, await ReadAsync(d => d.Evidence.CountAsync(e => e.State == EvidenceState.Available)));
        var screened = await ReadAsync(d => d.Ledger.Where(e => e.Action == "evidence_screened").Select(e => e.EvidenceId).ToListAsync());
        Assert.Equal((Reports, Reports), (screened.Count, screened.Distinct().Count()));
        Assert.False(await ReadAsync(d => d.Jobs.AnyAsync(j => j.Dead)));
    }

    [SqlServerFact]
    public async Task Migrate_QueuesInSqlServer_MakesTheirTables()
    {
        Keep(inSqlServer: true);
        var twice = new List<(int Exit, string Out, string Error)>();
        for (var i = 0; i < 2; i++)
        {
            twice.Add(await ProgramProcess.RunAsync(directory, settings, "migrate"));
        }

        Assert.All(twice, run => Assert.Equal((0, ""), (run.Exit, run.Error)));
        Assert.Equal(0, await ReadAsync(d => d.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM [HangFire].[JobQueue]").SingleAsync()));
    }

    private void Keep(bool inSqlServer)
    {
        settings["Database__Provider"] = inSqlServer ? "SqlServer" : "Sqlite";
        settings["Jobs__HangfireStorage"] = inSqlServer ? "SqlServer" : "Memory";
        if (inSqlServer)
        {
            database = new SqlServerDatabase();
            settings["ConnectionStrings__ReportIntake"] = database.ConnectionString;
        }
    }

    private Task<ProgramProcess> StartAsync(string role) => ProgramProcess.StartAsync(directory, new Dictionary<string, string>(settings) { ["Role"] = role });

    private Task<T> ReadAsync<T>(Func<ReportIntakeDbContext, Task<T>> read) => StoredData.ReadAsync(directory, read, settings);

    private async Task UntilAsync(Func<ReportIntakeDbContext, Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await ReadAsync(isSo))
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
