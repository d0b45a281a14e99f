using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Benchmarks;

/// <summary>The program with one national police client.</summary>
internal sealed class FeedHost : IntakeHost
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
    };

    public DateTimeOffset Now => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    public async Task<HttpClient> PoliceAsync()
    {
        var http = Client();
        var key = ApiKey.Create();
        await WithDatabaseAsync(async database =>
        {
            var client = new PoliceClient
            {
                Id = Guid.NewGuid(),
                Name = "Benchmark",
                Scopes = [.. PoliceScopes.All],
                Areas = [PoliceClientAccess.National],
                CreatedAt = Now,
            };
            client.Keys.Add(ClientKey.Of(key, client.Id, Now));
            database.PoliceClients.Add(client);
            return await database.SaveChangesAsync();
        });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        return http;
    }
}
