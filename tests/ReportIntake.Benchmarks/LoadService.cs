using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>The service under load: one process with all roles, or two web nodes and two workers behind nginx; and who calls it.</summary>
internal sealed class LoadService : IAsyncDisposable
{
    private const int Moderators = 4;

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-load-").FullName;
    private readonly LoadSettings settings;
    private readonly List<LoadCaller> callers = [];
    private LoadProxy? proxy;
    private long empty;

    private LoadService(LoadSettings settings)
    {
        this.settings = settings;
        AppDomain.CurrentDomain.ProcessExit += Abandon; // Ctrl+C and SIGTERM too
    }

    public string Root => directory;

    public string DataDirectory => Path.Combine(directory, "data");

    public List<LoadNode> Nodes { get; } = [];

    public LoadFigures Figures { get; } = new();

    public LoadDatabase Database { get; private set; } = null!;

    public LoadPhotos Photos { get; private set; } = null!;

    public LoadCaller Citizens { get; private set; } = null!;

    public LoadModerators Desk { get; private set; } = null!;

    public LoadPolice Police { get; private set; } = null!;

    public static async Task<LoadService> StartAsync(LoadSettings settings, bool severalNodes, IReadOnlyDictionary<string, string>? more = null)
    {
        var service = new LoadService(settings);
        try
        {
            await service.StartAsync(severalNodes, more ?? new Dictionary<string, string>());
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb beside the nodes.</summary>
    public async Task<string> VerbAsync(string arguments, string input = "")
    {
        var (exit, output, error) = await ProgramProcess.RunAsync(DataDirectory, settings.Program("all"), arguments, input);
        return exit == 0 ? output : throw new InvalidOperationException($"{arguments}: {error}");
    }

    /// <summary>Whoever has this receipt; the caller's to dispose.</summary>
    public LoadCaller Receipt(string code) => new(Citizens.Address, Figures) { Authorization = $"Receipt {code}" };

    /// <summary>What a report takes on the disk: of the database's file what has been added since it was empty, of the evidence all its copies there are so far.</summary>
    public void PrintDisk()
    {
        var reports = Math.Max(1, Figures.Count(LoadCitizens.Submission));
        var evidence = Directory.EnumerateFiles(Path.Combine(DataDirectory, "evidence"), "*", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"on disk for each of {reports} reports: {(settings.OnSqlServer ? "" : $"database {(DatabaseBytes - empty) / 1e3 / reports:0.0} KB, ")}evidence {evidence / 1e3 / reports:0.0} KB"));
    }

    /// <summary>Without the log, which is as long as it ever was.</summary>
    private long DatabaseBytes => settings.OnSqlServer ? 0 : new FileInfo(Path.Combine(DataDirectory, "reportintake.db")).Length;

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Abandon;
        callers.ForEach(c => c.Dispose());
        if (Police is not null)
        {
            await Police.DisposeAsync();
        }

        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        if (proxy is not null)
        {
            await proxy.DisposeAsync();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        Directory.Delete(directory, recursive: true);
    }

    private void Abandon(object? sender, EventArgs e)
    {
        Nodes.ForEach(n => n.Abandon());
        proxy?.Abandon();
        Directory.Delete(directory, recursive: true);
    }

    private async Task StartAsync(bool severalNodes, IReadOnlyDictionary<string, string> more)
    {
        Directory.CreateDirectory(DataDirectory);
        Photos = await LoadPhotos.MakeAsync(directory);
        await VerbAsync("migrate");
        empty = DatabaseBytes;
        Database = new LoadDatabase(DataDirectory, settings);
        for (var i = 0; i < Moderators; i++)
        {
            await VerbAsync($"staff add --email m{i}@staff.example --role moderator --password-stdin", LoadSettings.Password);
        }

        var client = await VerbAsync("clients add --name Load --scope reports.read --scope evidence.read --scope follow_up.write --scope webhooks.manage --area national");
        foreach (var (name, role) in severalNodes ? [("web 1", "web"), ("web 2", "web"), ("worker 1", "worker"), ("worker 2", "worker")] : new[] { ("all", "all") })
        {
            Nodes.Add(new LoadNode(name, DataDirectory, new Dictionary<string, string>(settings.Program(role).Concat(more)), LoadProxy.FreePort()));
            await Nodes[^1].StartAsync();
        }

        proxy = severalNodes ? await LoadProxy.StartAsync(directory, Nodes.Where(n => n.Name.StartsWith("web", StringComparison.Ordinal)).Select(n => n.Port)) : null;
        var direct = new Uri($"http://127.0.0.1:{Nodes[0].Port}");
        Citizens = Caller(proxy?.CitizensAddress ?? direct, null);
        Desk = new LoadModerators([.. await Task.WhenAll(Enumerable.Range(0, Moderators).Select(SignInAsync))], settings.Decisions);
        Police = new LoadPolice(Caller(proxy?.PoliceAddress ?? direct, JsonDocument.Parse(client).RootElement.GetProperty("apiKey").GetString()), Figures);
        await Police.StartAsync();
    }

    private async Task<LoadCaller> SignInAsync(int number)
    {
        var login = await Citizens.CallAsync("sign-in", HttpMethod.Post, "/api/v1/staff/login", JsonContent.Create(new { email = $"m{number}@staff.example", password = LoadSettings.Password }));
        return Caller(Citizens.Address, login!.Json.GetProperty("accessToken").GetString());
    }

    private LoadCaller Caller(Uri address, string? token)
    {
        var caller = new LoadCaller(address, Figures) { Authorization = token is null ? null : $"Bearer {token}" };
        callers.Add(caller);
        return caller;
    }
}
