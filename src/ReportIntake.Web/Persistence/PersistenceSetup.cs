using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Persistence.SqlServer;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence;

public enum DatabaseProvider
{
    Sqlite,
    SqlServer,
}

/// <summary>Section <c>Database</c>. SQL Server needs the connection string <c>ConnectionStrings:ReportIntake</c>; SQLite defaults to a file in the data directory.</summary>
public sealed class DatabaseOptions
{
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>Apply missing migrations before serving. Off by default: an operator runs <c>migrate</c>.</summary>
    public bool MigrateAtStart { get; set; }
}

/// <summary>An open connection to the service's database beside its context's, with neither turns nor secrets: for what is read before the context can be. The caller's to dispose.</summary>
/// <exception cref="DbException">The database is away.</exception>
public delegate DbConnection NewConnection();

public static class PersistenceSetup
{
    /// <summary>They are the same for every request, and Entity Framework looks its own services up by them each time they are made anew.</summary>
    private const ServiceLifetime OptionsLifetime = ServiceLifetime.Singleton;

    public static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().BindConfiguration("Database")
            .Validate(
                o => o.Provider is not DatabaseProvider.SqlServer || !string.IsNullOrWhiteSpace(configuration.GetConnectionString("ReportIntake")),
                "Database:Provider is SqlServer, but ConnectionStrings:ReportIntake is not set.")
            .ValidateOnStart();
        services.AddKeyRing();
        services.AddSingleton<ColumnSealer>();
        services.AddSingleton<SealingSecret>();
        var provider = configuration.GetValue("Database:Provider", DatabaseProvider.Sqlite);
        if (provider is DatabaseProvider.SqlServer)
        {
            services.AddSingleton<NewConnection>(() => Opened(new SqlConnection(configuration.GetConnectionString("ReportIntake"))));
            services.AddDbContext<ReportIntakeDbContext, SqlServerReportIntakeDbContext>((provided, options) => options
                .UseSqlServer(configuration.GetConnectionString("ReportIntake"), sql => sql.EnableRetryOnFailure())
                .ReplaceService<IModelCacheKeyFactory, ModelOfSealer>()
                .AddInterceptors(new RowCounts(), provided.GetRequiredService<SealingSecret>()), ServiceLifetime.Scoped, OptionsLifetime);
        }
        else
        {
            services.AddSingleton<NewConnection>(provided => () =>
            {
                var connection = Opened(new SqliteConnection(SqliteConnectionString(configuration, provided.GetRequiredService<IOptions<DataDirectoryOptions>>().Value)));
                SqlitePragmas.Apply(connection);
                return connection;
            });
            services.AddSingleton<WriteTurns>();
            services.AddSingleton(provided => new GroupCommit(Path.GetFullPath(
                new SqliteConnectionStringBuilder(SqliteConnectionString(configuration, provided.GetRequiredService<IOptions<DataDirectoryOptions>>().Value)).DataSource)));
            services.AddDbContext<ReportIntakeDbContext, SqliteReportIntakeDbContext>((provided, options) => options
                .UseSqlite(SqliteConnectionString(configuration, provided.GetRequiredService<IOptions<DataDirectoryOptions>>().Value))
                .ReplaceService<IModelCacheKeyFactory, ModelOfSealer>()
                .ReplaceService<ICommandBatchPreparer, PreparedBatches>()
                .AddInterceptors(new SqlitePragmas(), provided.GetRequiredService<WriteTurns>(), provided.GetRequiredService<GroupCommit>(), provided.GetRequiredService<SealingSecret>()), ServiceLifetime.Scoped, OptionsLifetime);
        }

        return services;
    }

    /// <summary>Applies missing migrations where <see cref="DatabaseOptions.MigrateAtStart"/> says so.</summary>
    public static async Task MigrateAtStartAsync(this IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigrateAtStart)
        {
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().MigrateSafelyAsync();
        }
    }

    private static DbConnection Opened(DbConnection connection)
    {
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string SqliteConnectionString(IConfiguration configuration, DataDirectoryOptions data) =>
        configuration.GetConnectionString("ReportIntake") is { Length: > 0 } configured
            ? configured
            : new SqliteConnectionStringBuilder { DataSource = data.PathOf("reportintake.db"), DefaultTimeout = 5 }.ConnectionString;
}
