using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police.Matrix;

/// <summary>
/// Every route of police systems, as clients of every scope and sort of area, on reports in every state, in an area and
/// in none; what each must get stands in <see cref="PoliceTable"/>. A new route without a row fails by its name. What is
/// answered with content, and nothing else, leaves a custody event.
/// </summary>
public sealed class PoliceMatrixTests
{
    private const string Regency = "32.74";

    /// <summary>Words of the reports of <see cref="PoliceHost"/>, of which a thin answer has none.</summary>
    private static readonly string[] Content = ["menawarkan", "Contoh", "example.id", "3456", "stasiun", "foto di pasar", "open bo"];

    private static readonly string[] Areas = [Regency, "32", PoliceClientAccess.National, "32.04", "33"];

    private static readonly string?[] AreasOfReports = [Regency, null];

    private sealed record Caller(PoliceHost.Police Police, IReadOnlyList<string> Scopes, string Area) : IDisposable
    {
        public bool Covers(string? area) => new PoliceClientAccess(Guid.Empty, [], [Area]).Covers(area);

        public override string ToString() => $"{string.Join('+', Scopes)} of {Area}";

        public void Dispose() => Police.Dispose();
    }

    [Fact]
    public async Task EveryRoute_EveryScopeAreaAndState_GetsWhatTheTableSays()
    {
        await using var host = new PoliceHost();
        var wrong = new StringBuilder();
        var routes = Routes(host);
        foreach (var route in routes.Keys.Except(PoliceTable.Rows.Keys))
        {
            wrong.AppendLine($"No row: {route}");
        }

        foreach (var route in PoliceTable.Rows.Keys.Except(routes.Keys))
        {
            wrong.AppendLine($"No route: {route}");
        }

        var callers = await CallersAsync(host);
        var reports = new MatrixReports(host);
        var pool = new List<MatrixReports.Entry>();
        foreach (var state in Enum.GetValues<ReportState>())
        {
            foreach (var area in AreasOfReports)
            {
                pool.Add(await reports.MakeAsync(state, area));
            }
        }

        await PublishedAsync(host);
        foreach (var (route, row) in PoliceTable.Rows.Where(r => routes.ContainsKey(r.Key)).OrderByDescending(r => r.Value.IsList)) // lists before anything is changed
        {
            if (!routes[route].ToHashSet().SetEquals(row.Scopes))
            {
                wrong.AppendLine($"{route} needs {string.Join('+', routes[route])}, and its row says {string.Join('+', row.Scopes)}");
            }

            foreach (var caller in callers)
            {
                if (row.Scopes.Except(caller.Scopes).Any())
                {
                    await RefusedAsync(row, caller, pool, wrong);
                }
                else if (row.IsList)
                {
                    await ListAsync(host, row, caller, pool, wrong);
                }
                else if (row.IsOwn)
                {
                    await OwnAsync(row, caller, pool[0], wrong);
                }
                else
                {
                    await ReportsAsync(host, row, caller, pool, reports, wrong);
                }
            }
        }

        callers.ForEach(c => c.Dispose());
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    /// <summary>Without the scope, whatever the area and the state: one that would be seen and one that would not tell the same.</summary>
    private static async Task RefusedAsync(PoliceTable.Row row, Caller caller, List<MatrixReports.Entry> pool, StringBuilder wrong)
    {
        foreach (var report in pool.Where(r => r is { State: ReportState.Verified or ReportState.Received, Area: Regency }))
        {
            using var answer = await caller.Police.Http.SendAsync(Request(row, report));
            if ((int)answer.StatusCode != 403)
            {
                wrong.AppendLine($"{row.Method} {row.Path} as {caller}: 403 expected, {(int)answer.StatusCode}");
            }
        }
    }

    /// <summary>With the scopes it gets to the route's own work: done, or refused for what was asked (a report's id is no id of anything of the client's).</summary>
    private static async Task OwnAsync(PoliceTable.Row row, Caller caller, MatrixReports.Entry report, StringBuilder wrong)
    {
        using var answer = await caller.Police.Http.SendAsync(Request(row, report));
        if ((int)answer.StatusCode is not (200 or 201 or 400 or 404))
        {
            wrong.AppendLine($"{row.Method} {row.Path} as {caller}: {(int)answer.StatusCode}");
        }
    }

    private static async Task ListAsync(PoliceHost host, PoliceTable.Row row, Caller caller, List<MatrixReports.Entry> pool, StringBuilder wrong)
    {
        var before = await LedgerAsync(host, row, caller);
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), row.Path + "?limit=200&format=csv");
        using var answer = await caller.Police.Http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        foreach (var report in pool)
        {
            var expected = caller.Covers(report.Area) && report.State.IsVisibleToPolice();
            if (!answer.IsSuccessStatusCode || body.Contains($"{report.Id}", StringComparison.OrdinalIgnoreCase) != expected)
            {
                wrong.AppendLine($"{row.Method} {row.Path} as {caller}, {report.State} in {report.Area}: {(expected ? "is not there" : "is there")} ({(int)answer.StatusCode})");
            }
        }

        if (row.Content == PoliceTable.Thin && Content.FirstOrDefault(word => body.Contains(word, StringComparison.OrdinalIgnoreCase)) is { } told)
        {
            wrong.AppendLine($"{row.Method} {row.Path} is called thin, and tells \"{told}\"");
        }

        if (row.Content != PoliceTable.Thin && (await LedgerAsync(host, row, caller)).Count == before.Count)
        {
            wrong.AppendLine($"{row.Method} {row.Path} as {caller}: no custody event {row.Content}");
        }
    }

    private static async Task ReportsAsync(PoliceHost host, PoliceTable.Row row, Caller caller, List<MatrixReports.Entry> pool, MatrixReports reports, StringBuilder wrong)
    {
        var witnessed = new List<Guid>();
        foreach (var shared in pool)
        {
            var expected = caller.Covers(shared.Area) ? row.Expected(shared.State) : 404;
            var report = expected == 200 && row.Method != "GET" ? await reports.MakeAsync(shared.State, shared.Area) : shared; // what is changed is changed once
            using var answer = await caller.Police.Http.SendAsync(Request(row, report));
            if ((int)answer.StatusCode != expected)
            {
                wrong.AppendLine($"{row.Method} {row.Path} as {caller}, {shared.State} in {shared.Area ?? "no area"}: {expected} expected, {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }

            if (expected == 200)
            {
                witnessed.Add(report.Id);
            }
        }

        var written = await LedgerAsync(host, row, caller);
        if (!written.ToHashSet().SetEquals(witnessed)) // a package has an event of its own for each file
        {
            wrong.AppendLine($"{row.Method} {row.Path} as {caller}: {witnessed.Count} events {row.Content} expected, {written.Count} written");
        }
    }

    /// <summary>The reports of a caller's custody events of a row's action.</summary>
    private static Task<List<Guid>> LedgerAsync(PoliceHost host, PoliceTable.Row row, Caller caller) => host.WithDatabaseAsync(database => database.Ledger
        .Where(e => e.Action == row.Content && e.ActorKind == ActorKind.PoliceClient && e.ActorId == caller.Police.Id)
        .Select(e => e.ReportId ?? Guid.Empty).ToListAsync());

    private static HttpRequestMessage Request(PoliceTable.Row row, MatrixReports.Entry report)
    {
        var address = row.Path
            .Replace("{id:guid}", $"{report.Id}", StringComparison.Ordinal)
            .Replace("{evidenceId:guid}", $"{report.EvidenceId}", StringComparison.Ordinal);
        return new HttpRequestMessage(new HttpMethod(row.Method), address)
        {
            Content = row.Method == "GET" ? null : JsonContent.Create<object>(row.Path[(row.Path.LastIndexOf('/') + 1)..] switch
            {
                "return" or "preservation" => new { reason = "Bukan wilayah kami." },
                "risk-assessments" => new { hazards = "Contact goes on.", impact = "Severe.", furtherAction = "Visit." },
                "notes" or "questions" => new { text = "Taken up." },
                "outcome" => new { code = "victim_safeguarded" },
                "retriage" => new { tier = "immediate", reason = "They meet tomorrow." },
                _ => new { },
            }),
        };
    }

    /// <summary>The scopes that each route of police systems asks for, by method and route.</summary>
    private static Dictionary<string, List<string>> Routes(PoliceHost host)
    {
        _ = host.Address;
        return host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Endpoint: e, Scopes: e.Metadata.OfType<IAuthorizeData>().Select(a => a.Policy).OfType<string>().Where(PoliceScopes.All.Contains).ToList()))
            .Where(e => e.Scopes.Count > 0)
            .SelectMany(e => e.Endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(m => ($"{m} /{e.Endpoint.RoutePattern.RawText!.Trim('/')}", e.Scopes)))
            .ToDictionary();
    }

    private static async Task<List<Caller>> CallersAsync(PoliceHost host)
    {
        var callers = new List<Caller>();
        foreach (var scopes in PoliceScopes.All.Select(IReadOnlyList<string> (s) => [s]).Append(PoliceScopes.All))
        {
            foreach (var area in Areas)
            {
                callers.Add(new Caller(await host.PoliceAsync(scopes, area), scopes, area));
            }
        }

        return callers;
    }

    private static async Task PublishedAsync(PoliceHost host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await host.WithDatabaseAsync(database => database.PoliceEvents.AnyAsync(e => e.Position == null)))
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
