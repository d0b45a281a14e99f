using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police.Webhooks;

/// <summary>What the routes take and refuse, with the settings that a program has when nobody set any.</summary>
public sealed class WebhookRouteTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    private const string Url = "https://hooks.police.example/reportintake";

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData("hooks.police.example", "webhook_url_invalid")]
    [InlineData("/hooks", "webhook_url_invalid")]
    [InlineData("ftp://hooks.police.example", "webhook_url_invalid")]
    [InlineData("https://user:secret@hooks.police.example", "webhook_url_invalid")]
    [InlineData("https://hooks.police.example/#a", "webhook_url_invalid")]
    [InlineData("http://hooks.police.example/", "webhook_url_insecure")]
    [InlineData("https://127.0.0.1/", "webhook_address_refused")]
    [InlineData("https://0x7f.1/", "webhook_address_refused")]
    [InlineData("https://2130706433/", "webhook_address_refused")]
    [InlineData("https://10.1.2.3:8443/", "webhook_address_refused")]
    [InlineData("https://169.254.169.254/latest/meta-data", "webhook_address_refused")]
    [InlineData("https://100.64.0.1/", "webhook_address_refused")]
    [InlineData("https://[::1]/", "webhook_address_refused")]
    [InlineData("https://[::ffff:192.168.1.1]/", "webhook_address_refused")]
    [InlineData("https://[fd00::1]/", "webhook_address_refused")]
    [InlineData("https://[fe80::1]/", "webhook_address_refused")]
    [InlineData("https://[64:ff9b::7f00:1]/", "webhook_address_refused")]
    [InlineData("https://[2002:7f00:1::]/", "webhook_address_refused")]
    [InlineData("https://[ff02::1]/", "webhook_address_refused")]
    public async Task Add_AddressThatMayNotBe_IsRefusedByField(string? url, string code)
    {
        using var police = await host.PoliceAsync("34.01");

        using var answer = await police.Http.PostAsJsonAsync("/api/v1/webhooks", new { url });

        Assert.Equal(code, await answer.FieldCodeAsync("url"));
    }

    [Fact]
    public async Task Add_Https_ShowsTheSecretOnceAndKeepsItSealed()
    {
        using var police = await host.PoliceAsync("34.02");

        var (id, secret) = await police.AddWebhookAsync(Url);

        var bytes = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.InRange(bytes.Length, 24, 64);
        var read = await police.ReadWebhookAsync(id);
        Assert.Equal((Url, "active"), (read.Text("url"), read.Text("state")));
        Assert.DoesNotContain(secret["whsec_".Length..], read.GetRawText(), StringComparison.Ordinal);
        var kept = await host.WithDatabaseAsync(d => d.WebhookSecrets.Where(s => s.WebhookId == id).Select(s => s.Sealed).SingleAsync());
        Assert.Equal(-1, kept.AsSpan().IndexOf(bytes));
    }

    [Fact]
    public async Task Webhook_OfAnotherClient_DoesNotExist()
    {
        using var police = await host.PoliceAsync("34.03");
        using var other = await host.PoliceAsync("34.03");
        var (id, _) = await police.AddWebhookAsync(Url);

        foreach (var (method, path) in new[]
        {
            ("GET", ""), ("DELETE", ""), ("GET", "/deliveries"), ("POST", "/test"), ("POST", "/secrets"), ("POST", "/enable"), ("POST", "/replay"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/webhooks/{id}{path}");
            request.Content = path is "/replay" ? JsonContent.Create(new { eventIds = new[] { Guid.NewGuid() } }) : null;
            using var answer = await other.Http.SendAsync(request);
            Assert.Equal("webhook_not_found", await answer.CodeAsync(HttpStatusCode.NotFound));
        }

        Assert.Empty((await other.Http.JsonAsync("/api/v1/webhooks")).GetProperty("items").EnumerateArray());
        Assert.Single((await police.Http.JsonAsync("/api/v1/webhooks")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Delete_Webhook_LeavesNothing()
    {
        using var police = await host.PoliceAsync("34.04");
        var (id, _) = await police.AddWebhookAsync(Url);

        using var answer = await police.Http.DeleteAsync($"/api/v1/webhooks/{id}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.False(await host.WithDatabaseAsync(d => d.WebhookSecrets.AnyAsync(s => s.WebhookId == id)));
        using var again = await police.Http.DeleteAsync($"/api/v1/webhooks/{id}");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Add_MoreThanAClientMayHave_IsRefused()
    {
        using var police = await host.PoliceAsync("34.05");
        for (var i = 0; i < Webhook.MostOfOneClient; i++)
        {
            await police.AddWebhookAsync(Url);
        }

        using var answer = await police.Http.PostAsJsonAsync("/api/v1/webhooks", new { url = Url });

        Assert.Equal("webhooks_too_many", await answer.CodeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Rotate_MoreThanMayBeValid_IsRefusedUntilOldOnesEnd()
    {
        using var police = await host.PoliceAsync("34.06");
        var (id, _) = await police.AddWebhookAsync(Url);
        for (var i = 1; i < Webhook.MostSecrets; i++)
        {
            using var rotated = await police.WebhookAsync(id, "secrets");
            Assert.Equal(HttpStatusCode.Created, rotated.StatusCode);
        }

        using var refused = await police.WebhookAsync(id, "secrets");
        using var overlap = await police.WebhookAsync(id, "secrets", new { overlapHours = 169 });
        using var emergency = await police.WebhookAsync(id, "secrets", new { overlapHours = 0 });

        Assert.Equal("webhook_secrets_too_many", await refused.CodeAsync(HttpStatusCode.Conflict));
        Assert.Equal("overlap_invalid", await overlap.FieldCodeAsync("overlapHours"));
        Assert.Equal(HttpStatusCode.Created, emergency.StatusCode);
    }

    [Fact]
    public async Task Replay_NoneOrSeveralChoices_IsRefused()
    {
        using var police = await host.PoliceAsync("34.07");
        using var other = await host.PoliceAsync("34.07");
        var (id, _) = await police.AddWebhookAsync(Url);
        using var feed = await other.Http.GetAsync("/api/v1/events");
        var foreign = feed.Headers.GetValues("X-Next-Cursor").Single();

        using var none = await police.WebhookAsync(id, "replay", new { });
        using var two = await police.WebhookAsync(id, "replay", new { fromCursor = foreign, from = host.Now });
        using var empty = await police.WebhookAsync(id, "replay", new { eventIds = Array.Empty<Guid>() });
        using var backwards = await police.WebhookAsync(id, "replay", new { from = host.Now, to = host.Now.AddDays(-1) });
        using var cursor = await police.WebhookAsync(id, "replay", new { fromCursor = foreign });

        Assert.Equal("replay_one_of", await none.FieldCodeAsync("eventIds"));
        Assert.Equal("replay_one_of", await two.FieldCodeAsync("eventIds"));
        Assert.Equal("replay_too_large", await empty.FieldCodeAsync("eventIds"));
        Assert.Equal("replay_range_invalid", await backwards.FieldCodeAsync("to"));
        Assert.Equal("cursor_invalid", await cursor.CodeAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Deliveries_PageByPage_AreAllThereOnce()
    {
        using var police = await host.PoliceAsync("34.08");
        var (id, _) = await police.AddWebhookAsync(Url);
        var events = Enumerable.Range(1, 5).Select(n => WebhookDelivery.Of(id, Guid.NewGuid(), Domain.Reports.PoliceEventType.Verified, Guid.NewGuid(), n, host.Now)).ToList();
        await host.WithDatabaseAsync(d =>
        {
            foreach (var delivery in events)
            {
                delivery.Delivered(new WebhookAttempt(host.Now, 204, null, 12));
                d.WebhookDeliveries.Add(delivery);
            }

            return d.SaveChangesAsync();
        });

        var (found, cursor) = (new List<string>(), "");
        do
        {
            var page = await police.Http.JsonAsync($"/api/v1/webhooks/{id}/deliveries?limit=2&state=delivered{cursor}");
            found.AddRange(page.GetProperty("items").Texts("eventId"));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? "&cursor=" + next : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(events.Select(e => e.EventId.ToString()).Reverse(), found);
        using var unknown = await police.Http.GetAsync($"/api/v1/webhooks/{id}/deliveries?state=lost");
        Assert.Equal("unknown_code", await unknown.FieldCodeAsync("state"));
    }

    [Fact]
    public async Task Webhooks_WithoutScope_AreRefused()
    {
        using var police = await host.PoliceAsync([PoliceScopes.ReadReports], "national");

        using var answer = await police.Http.GetAsync("/api/v1/webhooks");

        Assert.Equal("not_allowed", await answer.CodeAsync(HttpStatusCode.Forbidden));
    }
}
