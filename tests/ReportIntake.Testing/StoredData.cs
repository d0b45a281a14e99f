using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Testing;

/// <summary>The database of a data directory as a program left it, read with the keys beside it. The program may run meanwhile.</summary>
public static class StoredData
{
    public static async Task<T> ReadAsync<T>(string directory, Func<ReportIntakeDbContext, Task<T>> read)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ReportIntake:DataDirectory"] = directory }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
        services.AddPersistence(configuration);
        await using var provided = services.BuildServiceProvider();
        await using var scope = provided.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>());
    }
}
