using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs.Webhooks;

namespace ReportIntake.Web.Tests.Police.Webhooks;

/// <summary>The program with receivers on loopback allowed, a short timeout, and a clock to put forward.</summary>
public sealed class WebhookHost : PoliceHost
{
    public ShiftedClock Clock { get; } = new();

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
        ["Webhooks:Timeout"] = "00:00:01",
        ["Webhooks:Lease"] = "00:00:05",
    };

    /// <summary>Time goes on, and the deliveries look again at once.</summary>
    public void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        Services.GetRequiredService<WebhookSignal>().Set();
    }

    /// <summary>Asks until it is so; gives up after half a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public Task<List<WebhookDelivery>> DeliveriesAsync(Guid webhook) => WithDatabaseAsync(database =>
        database.WebhookDeliveries.AsNoTracking().Where(d => d.WebhookId == webhook).OrderBy(d => d.Position).ToListAsync());

    public Task<Webhook> WebhookAsync(Guid webhook) => WithDatabaseAsync(database => database.Webhooks.AsNoTracking().SingleAsync(w => w.Id == webhook));

    /// <summary>The ids of an area's events in the order of the feed, once all are published.</summary>
    public async Task<List<Guid>> PublishedAsync(string area)
    {
        await UntilAsync(() => WithDatabaseAsync(async database => !await database.PoliceEvents.AnyAsync(e => e.Position == null)));
        return await WithDatabaseAsync(database => database.PoliceEvents.Where(e => e.AreaCode == area).OrderBy(e => e.Position).Select(e => e.Id).ToListAsync());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}

internal static class WebhookCalls
{
    public static async Task<(Guid Id, string Secret)> AddWebhookAsync(this PoliceHost.Police police, string url, string? after = null)
    {
        using var answer = await police.Http.PostAsJsonAsync("/api/v1/webhooks", new { url, after });
        var added = await answer.JsonAsync(HttpStatusCode.Created);
        return (added.GetProperty("id").GetGuid(), added.Text("secret"));
    }

    public static Task<HttpResponseMessage> WebhookAsync(this PoliceHost.Police police, Guid id, string action, object? body = null) =>
        police.Http.PostAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/webhooks/{id}/{action}"), body);

    public static Task<JsonElement> ReadWebhookAsync(this PoliceHost.Police police, Guid id) => police.Http.JsonAsync($"/api/v1/webhooks/{id}");
}
