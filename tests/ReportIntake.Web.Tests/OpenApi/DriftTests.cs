using System.Text.Json;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>
/// The committed description is the running program's. <c>UPDATE_OPENAPI=1 dotnet test --filter DriftTests</c> writes it
/// anew; then say in <c>openapi/CHANGELOG.md</c> what changed.
/// </summary>
public sealed class DriftTests(DriftTests.Host host) : IClassFixture<DriftTests.Host>
{
    private const string Update = "UPDATE_OPENAPI";

    public sealed class Host : IntakeHost;

    [Fact]
    public async Task Document_Committed_IsTheServed()
    {
        var served = Normal(await ServedAsync());
        var committed = Path.Combine(Repository(), "openapi", "v1.json");
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(committed)!);
            await File.WriteAllTextAsync(committed, served);
        }

        Assert.True(File.Exists(committed), $"openapi/v1.json is missing: run with {Update}=1.");
        Assert.Equal(Normal(await File.ReadAllTextAsync(committed)), served);
    }

    [Fact]
    public async Task Operations_All_AreNamedSummedUpAndSayHowTheyRefuse()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var wrong = new List<string>();
        var ids = new HashSet<string>();
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var name = $"{operation.Name.ToUpperInvariant()} {path.Name}";
                if (!operation.Value.TryGetProperty("operationId", out var id) || !ids.Add(id.GetString()!))
                {
                    wrong.Add($"{name}: no operationId of its own");
                }

                if (!operation.Value.TryGetProperty("summary", out var summary) || string.IsNullOrWhiteSpace(summary.GetString()))
                {
                    wrong.Add($"{name}: no summary");
                }

                if (operation.Name == "options")
                {
                    continue; // tells what the server can do; refuses nothing
                }

                wrong.AddRange(Refusals(path.Name, operation.Value).Select(problem => $"{name}: {problem}"));
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Operations_All_AreThere()
    {
        using var document = JsonDocument.Parse(await ServedAsync());
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToHashSet();

        Assert.Subset(paths, new HashSet<string>
        {
            "/api/v1/catalogue", "/api/v1/uploads", "/api/v1/uploads/{uploadId}", "/api/v1/reports", "/api/v1/receipt", "/api/v1/receipt/messages",
            "/api/v1/receipt/evidence", "/api/v1/receipt/withdrawal", "/api/v1/receipt/proof", "/api/v1/statistics", "/api/v1/staff/login",
            "/api/v1/moderation/queue", "/api/v1/moderation/queue/next", "/api/v1/moderation/reports/{id}", "/api/v1/reports/{id}",
            "/api/v1/reports/{id}/evidence/{evidenceId}/original", "/api/v1/reports/{id}/acknowledgement", "/api/v1/reports/{id}/outcome",
            "/api/v1/events", "/api/v1/admin/staff", "/api/v1/admin/clients", "/api/v1/admin/ledger", "/health/live", "/health/ready",
        });
    }

    private static IEnumerable<string> Refusals(string path, JsonElement operation)
    {
        var refusals = operation.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5').ToList();
        if (refusals.Count == 0 && path.StartsWith("/api/", StringComparison.Ordinal))
        {
            yield return "says no refusal";
        }

        foreach (var refusal in refusals.Where(_ => path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            // What Range and conditional requests are refused with has no body.
            if (refusal.Name is not ("416" or "412") && (!refusal.Value.TryGetProperty("content", out var content) || !content.TryGetProperty("application/problem+json", out _)))
            {
                yield return $"{refusal.Name} is no problem document";
            }
        }
    }

    private async Task<string> ServedAsync()
    {
        using var client = host.Client();
        return await client.GetStringAsync("/openapi/v1.json");
    }

    private static string Normal(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
