using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Persistence.SqlServer;

namespace ReportIntake.Testing;

/// <summary>
/// The real program on a real port of loopback, with a database and a data directory of its own, gone afterwards.
/// <c>TEST_DATABASE=sqlserver</c> with <c>TEST_SQLSERVER</c> (a connection string without a database) runs it on SQL Server.
/// </summary>
public class IntakeHost : WebApplicationFactory<Program>
{
    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-test-").FullName;
    private SqlServerDatabase? sqlServer;

    private readonly ColumnSealer? sealer;

    public IntakeHost()
        : this(fromTemplate: true)
    {
    }

    /// <param name="fromTemplate">
    /// Begin as a copy of a service that was started once and stopped: migrated, with its key ring and secrets. Saves each host
    /// these, and hosts of one secret share what Entity Framework compiled.
    /// </param>
    private protected IntakeHost(bool fromTemplate)
    {
        UseKestrel(0);
        if (fromTemplate)
        {
            var template = TemplateData.Instance.Value;
            template.CopyTo(directory);
            sealer = template.Sealer;
        }
    }

    public string DataDirectory => directory;

    /// <summary>Settings of this host beside the defaults, in configuration's own words (<c>Staff:RequireTwoFactor</c>).</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    /// <summary>Another node, whose data directory <see cref="Settings"/> names and whose database this one works on as well.</summary>
    protected virtual IntakeHost? Beside => null;

    /// <summary>Made when it or a node beside it starts.</summary>
    private SqlServerDatabase OwnDatabase => sqlServer ??= TemplateData.Instance.Value.NewSqlServerDatabase();

    /// <summary>
    /// A client of the running program with cookies of its own; started and migrated on first use. It follows no redirects:
    /// the factory's own client does over Kestrel, whatever its options say.
    /// </summary>
    public HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }, disposeHandler: true) { BaseAddress = Address };

    /// <summary>The address the program listens on.</summary>
    public Uri Address
    {
        get
        {
            StartServer();
            return ClientOptions.BaseAddress;
        }
    }

    /// <summary>Runs something with the database of the running program.</summary>
    public async Task<T> WithDatabaseAsync<T>(Func<ReportIntakeDbContext, Task<T>> work)
    {
        StartServer();
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.UseSetting("ReportIntake:DataDirectory", directory);
        builder.UseSetting("Database:MigrateAtStart", "true");

        // Decisions of the pages are told at once; what is held is tested where that is what a test is about.
        builder.UseSetting("Desk:UndoWindow", "00:00:00");

        // As a published program does: without the route that answers for all paths, and with the assets as they were compressed.
        builder.UseSetting("DisableStaticAssetNotFoundRuntimeFallback", "true");
        builder.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        builder.UseStaticWebAssets();
        foreach (var limit in new[] { "Submit", "Uploads", "Receipt", "SignIn", "Police" })
        {
            // All of a host's tests come from one address.
            builder.UseSetting($"RateLimits:{limit}:Burst", "1000000");
        }

        if (SqlServerDatabase.IsChosen && !Settings.ContainsKey("Database:Provider"))
        {
            builder.UseSetting("Database:Provider", "SqlServer");
            builder.UseSetting("ConnectionStrings:ReportIntake", (Beside ?? this).OwnDatabase.ConnectionString);
        }

        foreach (var (name, value) in Settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureServices(services =>
        {
            services.ConfigureDbContext<SqliteReportIntakeDbContext>(Strictly).ConfigureDbContext<SqlServerReportIntakeDbContext>(Strictly);
            if (sealer is not null)
            {
                services.AddSingleton(sealer);
            }
        });
    }

    /// <summary>What Entity Framework warns of as likely not meant is an error in a test.</summary>
    private static void Strictly(DbContextOptionsBuilder options) => options.ConfigureWarnings(warnings => warnings.Throw(
        CoreEventId.RowLimitingOperationWithoutOrderByWarning,
        CoreEventId.FirstWithoutOrderByAndFilterWarning,
        CoreEventId.DistinctAfterOrderByWithoutRowLimitingOperatorWarning,
        CoreEventId.CollectionWithoutComparer));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        sqlServer?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}
