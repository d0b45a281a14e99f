using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Benchmarks;

/// <summary>The running service's database, with its keys.</summary>
internal sealed class LoadDatabase : IAsyncDisposable
{
    private readonly ServiceProvider provided;
    private readonly LoadSettings settings;

    public LoadDatabase(string directory, LoadSettings settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ReportIntake:DataDirectory"] = directory,
            ["Database:Provider"] = settings.OnSqlServer ? "SqlServer" : "Sqlite",
            ["ConnectionStrings:ReportIntake"] = settings.ConnectionString,
        }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
        services.AddPersistence(configuration);
        (provided, this.settings) = (services.BuildServiceProvider(), settings);
    }

    public async Task<T> ReadAsync<T>(Func<ReportIntakeDbContext, Task<T>> read)
    {
        await using var scope = provided.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>());
    }

    /// <summary>Jobs that are due or running, by kind; recurring ones too.</summary>
    public Task<Dictionary<string, int>> JobsAsync() => ReadAsync(database => database.Jobs.Where(j => !j.Dead).GroupBy(j => j.Type).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count));

    public async ValueTask DisposeAsync()
    {
        await provided.DisposeAsync();
        settings.SqlServer?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }
}
