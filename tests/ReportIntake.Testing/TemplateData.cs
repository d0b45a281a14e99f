using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Persistence.SqlServer;
using ReportIntake.Web.Security;

namespace ReportIntake.Testing;

/// <summary>The data directory of a service that was started once and stopped, for other hosts to begin with; gone with the process's <see cref="TemporaryPlace"/>.</summary>
internal sealed class TemplateData
{
    public static readonly Lazy<TemplateData> Instance = new(() => new TemplateData());

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-template-").FullName;
    private readonly Secret sealingSecret;

    private TemplateData()
    {
        var host = new Host();
        try
        {
            _ = host.Address;
            Sealer = host.Services.GetRequiredService<ColumnSealer>();
            sealingSecret = host.WithDatabaseAsync(d => d.Secrets.AsNoTracking().SingleAsync(s => s.Name == ColumnSealer.SecretName)).GetAwaiter().GetResult();
            host.StopAsync().GetAwaiter().GetResult();
            Sealer.KeyedHash("template", []); // opened while the key ring is there
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools(); // the last connection closed: no write-ahead log is left
            Copy(host.DataDirectory, directory);
        }
        finally
        {
            host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Of the template's secret. One for all hosts, because Entity Framework keeps a model per sealer.</summary>
    public ColumnSealer Sealer { get; }

    public void CopyTo(string target) => Copy(directory, target);

    /// <summary>An empty database as the template's own was when it had been migrated: with the sealer's secret, which other processes look for there.</summary>
    public SqlServerDatabase NewSqlServerDatabase()
    {
        var made = new SqlServerDatabase();
        using var context = new SqlServerReportIntakeDbContext(
            new DbContextOptionsBuilder<SqlServerReportIntakeDbContext>().UseSqlServer(made.ConnectionString).ReplaceService<Microsoft.EntityFrameworkCore.Infrastructure.IModelCacheKeyFactory, ModelOfSealer>().Options, Sealer);
        context.MigrateSafelyAsync().GetAwaiter().GetResult();
        context.Database.ExecuteSql($"INSERT INTO Secrets (Name, Protected) VALUES ({sealingSecret.Name}, {sealingSecret.Protected})");
        return made;
    }

    private static void Copy(string source, string target)
    {
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, entry.FullName));
            if (entry is FileInfo file)
            {
                file.CopyTo(copy);
            }
            else
            {
                Directory.CreateDirectory(copy, entry.UnixFileMode);
            }
        }
    }

    private sealed class Host() : IntakeHost(fromTemplate: false)
    {
        /// <summary>No jobs: what they write is the other hosts' own. On SQLite whatever the others run on: they take its keys along.</summary>
        protected override IReadOnlyDictionary<string, string?> Settings { get; } =
            new Dictionary<string, string?> { ["Role"] = "web", ["Database:Provider"] = "Sqlite" };

        public Task StopAsync() => Services.GetRequiredService<Microsoft.Extensions.Hosting.IHost>().StopAsync();
    }
}
