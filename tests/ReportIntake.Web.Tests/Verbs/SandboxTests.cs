using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;
using ReportIntake.Web.Verbs;

namespace ReportIntake.Web.Tests.Verbs;

/// <summary>An instance with made-up reports, as <c>deploy/sandbox.sh</c> makes it.</summary>
public sealed class SandboxTests : IDisposable
{
    private static readonly Dictionary<string, string> Settings = [];
    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-sandbox-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Fill_EmptyThenFull_FillsThenRefuses()
    {
        await RunAsync("migrate");

        var first = await RunAsync("sandbox fill");
        var second = await RunAsync("sandbox fill");

        Assert.Equal((0, ""), (first.Exit, first.Error));
        Assert.Equal(6, JsonSerializer.Deserialize<JsonElement>(first.Out).GetProperty("references").GetArrayLength());
        Assert.Equal((1, ""), (second.Exit, second.Out));
        Assert.Contains("data directory of its own", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fill_Served_IntegratorReadsMarkedReports()
    {
        await RunAsync("migrate");
        await RunAsync("sandbox fill");
        var key = JsonSerializer.Deserialize<JsonElement>((await RunAsync("clients add --name Integrator --scope reports.read --area national")).Out).GetProperty("apiKey").GetString();

        await using var program = await ProgramProcess.StartAsync(directory, Settings);
        using var client = new HttpClient { BaseAddress = program.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/reports");
        var ids = list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetGuid()).ToList();

        Assert.Equal(6, ids.Count);
        foreach (var id in ids)
        {
            var report = await client.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{id}");
            Assert.StartsWith(SandboxFill.Mark, report.GetProperty("description").GetString(), StringComparison.Ordinal);
        }
    }

    private Task<(int Exit, string Out, string Error)> RunAsync(string arguments) => ProgramProcess.RunAsync(directory, Settings, arguments);
}
