using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Resilience;

/// <summary>One data directory, several processes: web nodes answer people, workers do what is to be done afterwards.</summary>
public sealed class NodeRoleTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-roles-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task WebAndWorker_TheWorkerKilled_AnotherDoesItsWork()
    {
        await using var web = await StartAsync("web");
        using var citizen = Submitter.Client(web.Address);
        var photo = await Media.JpegAsync(64, 64);
        var sent = new List<Sending>();
        for (var i = 0; i < 3; i++)
        {
            sent.Add(new Sending(Guid.NewGuid().ToString("N"), [.. photo, (byte)i]));
            await Submitter.SendAsync(citizen, sent[^1]);
        }

        Assert.All(await Task.WhenAll(sent.Select(s => EvidenceStateAsync(citizen, s))), state => Assert.Equal("stored", state)); // a web node does not screen
        await using (var first = await StartAsync("worker"))
        {
            await first.KillAsync();
        }

        await using var second = await StartAsync("worker");
        foreach (var one in sent)
        {
            while (await EvidenceStateAsync(citizen, one) is not "available")
            {
                await Task.Delay(100);
            }
        }

        using var toWorker = Submitter.Client(second.Address);
        using var alive = await toWorker.GetAsync("/health/live");
        using var page = await toWorker.GetAsync("/lapor");
        using var api = await toWorker.GetAsync("/api/v1/catalogue");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (alive.StatusCode, page.StatusCode, api.StatusCode));
    }

    private Task<ProgramProcess> StartAsync(string role) => ProgramProcess.StartAsync(directory, new Dictionary<string, string>
    {
        ["Database__Provider"] = "Sqlite",
        ["Database__MigrateAtStart"] = "true",
        ["Jobs__Lease"] = "00:00:03",
        ["Role"] = role,
    });

    private static async Task<string?> EvidenceStateAsync(HttpClient client, Sending sent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/receipt");
        request.Headers.Authorization = new AuthenticationHeaderValue("Receipt", sent.ReceiptCode);
        using var answer = await client.SendAsync(request);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("evidence")[0].GetProperty("state").GetString();
    }
}
