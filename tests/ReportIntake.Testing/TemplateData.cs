using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Testing;

/// <summary>The data directory of a service that was started once and stopped, for other hosts to begin with; gone with the process's <see cref="TemporaryPlace"/>.</summary>
internal sealed class TemplateData
{
    public static readonly Lazy<TemplateData> Instance = new(() => new TemplateData());

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-template-").FullName;

    private TemplateData()
    {
        var host = new Host();
        try
        {
            _ = host.Address;
            Sealer = host.Services.GetRequiredService<ColumnSealer>();
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
        /// <summary>No jobs: what they write is the other hosts' own.</summary>
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Role"] = "web" };

        public Task StopAsync() => Services.GetRequiredService<Microsoft.Extensions.Hosting.IHost>().StopAsync();
    }
}
