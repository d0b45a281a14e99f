using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Testing;

/// <summary>The database of a data directory as a program left it, read with the keys beside it. The program may run meanwhile.</summary>
public static class StoredData
{
    /// <param name="settings">The program's own, where its database is elsewhere; in the environment's words.</param>
    public static async Task<T> ReadAsync<T>(string directory, Func<ReportIntakeDbContext, Task<T>> read, IReadOnlyDictionary<string, string>? settings = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection((settings ?? new Dictionary<string, string>()).Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value)))
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ReportIntake:DataDirectory"] = directory }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
        services.AddPersistence(configuration);
        await using var provided = services.BuildServiceProvider();
        await using var scope = provided.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>());
    }

    /// <summary>The key ring in a file of SQLite's, as its rows stand there: each key's XML.</summary>
    public static async Task<List<string>> KeysAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Xml FROM KeyRingKeys";
        await using var rows = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await rows.ReadAsync())
        {
            keys.Add(rows.GetString(0));
        }

        return keys;
    }
}
