using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Domain.Webhooks;

namespace ReportIntake.Web.Tests.Police.Webhooks;

public sealed class DeliveryTests(DeliveryTests.Host host) : IClassFixture<DeliveryTests.Host>
{
    /// <summary>Its clock is never put forward: the library refuses signatures of another time.</summary>
    public sealed class Host : IAsyncDisposable
    {
        public WebhookHost Program { get; } = new();

        public ValueTask DisposeAsync() => Program.DisposeAsync();
    }

    private readonly WebhookHost program = host.Program;

    [Fact]
    public async Task Published_ReceiverTakes_SameEventsInOrderAndVerified()
    {
        using var police = await program.PoliceAsync("32.01");
        await using var receiver = await Receiver.StartAsync();
        await program.VerifiedAsync("32.01"); // before the webhook: not sent
        await program.PublishedAsync("32.01");
        var (id, secret) = await police.AddWebhookAsync(receiver.Url);
        var report = await program.VerifiedAsync("32.01", state: ReportState.InFollowUp);
        await program.VerifiedAsync("32.02");
        await program.ChangeAsync(report.Id, r => r.Retriage(PoliceHost.Moderator, Tier.Immediate, "More is known.", program.Now));
        await program.ChangeAsync(report.Id, r => r.AddMessage("Sudah dipindahkan.", program.Now));
        var expected = (await program.PublishedAsync("32.01"))[1..];

        await WebhookHost.UntilAsync(() => receiver.Taken.Count >= expected.Count);

        Assert.Equal(expected, receiver.Taken.Select(c => c.EventId));
        Assert.All(await StandardWebhooks.VerifyAsync(secret, receiver.Taken), answer => Assert.Equal("ok", answer));
        Assert.All(receiver.Taken, c => Assert.StartsWith("application/cloudevents+json", c.Headers["content-type"], StringComparison.Ordinal));
        var pulled = await police.Http.JsonAsync("/api/v1/events");
        Assert.Equal(
            pulled.EnumerateArray().Skip(1).Select(e => e.GetRawText()),
            receiver.Taken.Select(c => JsonDocument.Parse(c.Body).RootElement.GetRawText()));
        await WebhookHost.UntilAsync(async () => (await program.DeliveriesAsync(id)).Count == expected.Count);
        Assert.All(await program.DeliveriesAsync(id), d => Assert.Equal((WebhookDeliveryState.Delivered, 200), (d.State, d.Attempts.Single().Status)));
    }

    [Fact]
    public async Task Verify_OtherSecretOrChangedBody_Fails()
    {
        using var police = await program.PoliceAsync("32.03");
        await using var receiver = await Receiver.StartAsync();
        var (id, secret) = await police.AddWebhookAsync(receiver.Url);
        using var answer = await police.WebhookAsync(id, "test");
        Assert.True((await answer.JsonAsync(HttpStatusCode.OK)).GetProperty("delivered").GetBoolean());
        var call = Assert.Single(receiver.Calls);

        Assert.Equal(["ok"], await StandardWebhooks.VerifyAsync(secret, call));
        Assert.NotEqual(["ok"], await StandardWebhooks.VerifyAsync("whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), call));
        Assert.NotEqual(["ok"], await StandardWebhooks.VerifyAsync(secret, call with { Body = call.Body + " " }));
        Assert.Equal("webhook.test", JsonDocument.Parse(call.Body).RootElement.Text("type"));
        Assert.Empty(await program.DeliveriesAsync(id));
    }

    [Fact]
    public async Task Rotate_OldSecretStillValid_BothVerify()
    {
        using var police = await program.PoliceAsync("32.04");
        await using var receiver = await Receiver.StartAsync();
        var (id, first) = await police.AddWebhookAsync(receiver.Url);
        using var rotated = await police.WebhookAsync(id, "secrets", new { overlapHours = 1 });
        var second = (await rotated.JsonAsync(HttpStatusCode.Created)).Text("secret");
        using (await police.WebhookAsync(id, "test"))
        {
        }

        using var last = await police.WebhookAsync(id, "secrets", new { overlapHours = 0 });
        var third = (await last.JsonAsync(HttpStatusCode.Created)).Text("secret");
        using (await police.WebhookAsync(id, "test"))
        {
        }

        var (both, alone) = (receiver.Calls.First(), receiver.Calls.Last());
        Assert.Equal(2, both.Signatures.Length);
        Assert.Equal(["ok"], await StandardWebhooks.VerifyAsync(first, both));
        Assert.Equal(["ok"], await StandardWebhooks.VerifyAsync(second, both));
        Assert.Single(alone.Signatures);
        Assert.Equal(["ok"], await StandardWebhooks.VerifyAsync(third, alone));
        Assert.NotEqual(["ok"], await StandardWebhooks.VerifyAsync(second, alone));
    }

    [Fact]
    public async Task Published_OneReceiverHangs_OthersAreServedMeanwhile()
    {
        using var police = await program.PoliceAsync("32.05");
        await using var dead = await Receiver.StartAsync();
        await using var alive = await Receiver.StartAsync();
        var release = new TaskCompletionSource();
        dead.Answer = (_, _) => release.Task;
        await police.AddWebhookAsync(dead.Url);
        await police.AddWebhookAsync(alive.Url);
        for (var i = 0; i < 20; i++)
        {
            await program.VerifiedAsync("32.05");
        }

        var expected = await program.PublishedAsync("32.05");
        await WebhookHost.UntilAsync(() => alive.Taken.Count == expected.Count);

        Assert.Equal(expected, alive.Taken.Select(c => c.EventId));
        Assert.Empty(dead.Taken);
        release.SetResult();
    }

    [Fact]
    public async Task Replay_ByIdTimeAndCursor_SendsAgainWithTheSameIds()
    {
        using var police = await program.PoliceAsync("32.06");
        await using var receiver = await Receiver.StartAsync();
        using var start = await police.Http.GetAsync("/api/v1/events");
        var beginning = start.Headers.GetValues("X-Next-Cursor").Single();
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        for (var i = 0; i < 3; i++)
        {
            await program.VerifiedAsync("32.06");
        }

        var all = await program.PublishedAsync("32.06");
        await DeliveredAsync(id, receiver, 3);

        using var byId = await police.WebhookAsync(id, "replay", new { eventIds = new[] { all[1] } });
        Assert.Equal(1, (await byId.JsonAsync(HttpStatusCode.Accepted)).GetProperty("queued").GetInt32());
        await DeliveredAsync(id, receiver, 4);
        using var byTime = await police.WebhookAsync(id, "replay", new { from = program.Now.AddDays(-1) });
        Assert.Equal(3, (await byTime.JsonAsync(HttpStatusCode.Accepted)).GetProperty("queued").GetInt32());
        await DeliveredAsync(id, receiver, 7);
        using var byCursor = await police.WebhookAsync(id, "replay", new { fromCursor = beginning });
        Assert.Equal(JsonValueKind.Null, (await byCursor.JsonAsync(HttpStatusCode.Accepted)).GetProperty("queued").ValueKind);
        await DeliveredAsync(id, receiver, 10);

        Assert.Equal([.. all, all[1], .. all, .. all], receiver.Taken.Select(c => c.EventId));
        Assert.All(await program.DeliveriesAsync(id), d => Assert.True(d.Attempts.Count >= 3));
    }

    [Fact]
    public async Task Replay_EventOfAnotherArea_IsRefused()
    {
        using var police = await program.PoliceAsync("32.07");
        await using var receiver = await Receiver.StartAsync();
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        await program.VerifiedAsync("32.08");
        var foreign = await program.PublishedAsync("32.08");

        using var answer = await police.WebhookAsync(id, "replay", new { eventIds = foreign });

        Assert.Equal("event_unknown", await answer.FieldCodeAsync("eventIds"));
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task Published_ClientRevoked_GetsNothing()
    {
        using var police = await program.PoliceAsync("32.09");
        using var witness = await program.PoliceAsync("32.09");
        await using var receiver = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync();
        await police.AddWebhookAsync(receiver.Url);
        await witness.AddWebhookAsync(other.Url);
        await program.RevokeAsync(police);

        await program.VerifiedAsync("32.09");
        await WebhookHost.UntilAsync(() => !other.Taken.IsEmpty);

        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task Test_HostResolvesToAddressThatIsNotAllowed_IsRefusedOnConnect()
    {
        await using var strict = new StrictHost();
        using var police = await strict.PoliceAsync("32.10");
        await using var receiver = await Receiver.StartAsync();
        var (id, _) = await police.AddWebhookAsync(receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

        using var answer = await police.WebhookAsync(id, "test");

        Assert.Equal("address_refused", (await answer.JsonAsync(HttpStatusCode.OK)).Text("failure"));
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task Test_CertificateOfNoKnownAuthority_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(program.Now.AddDays(-1), program.Now.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var police = await program.PoliceAsync("32.11");
        await using var receiver = await Receiver.StartAsync(certificate);
        var (id, _) = await police.AddWebhookAsync(receiver.Url);

        using var answer = await police.WebhookAsync(id, "test");

        Assert.StartsWith("https:", receiver.Url, StringComparison.Ordinal);
        Assert.Equal("tls_failed", (await answer.JsonAsync(HttpStatusCode.OK)).Text("failure"));
        Assert.Empty(receiver.Calls);
    }

    /// <summary>http is taken, but no network beside the Internet.</summary>
    private sealed class StrictHost : PoliceHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Webhooks:AllowHttp"] = "true" };
    }

    /// <summary>Until that many calls were taken and written down.</summary>
    private Task DeliveredAsync(Guid webhook, Receiver receiver, int calls) => WebhookHost.UntilAsync(async () =>
        receiver.Taken.Count == calls && (await program.WithDatabaseAsync(d => d.Webhooks.AnyAsync(w => w.Id == webhook && w.LeasedBy == null)))
        && (await program.DeliveriesAsync(webhook)).Sum(d => d.Attempts.Count) == calls);
}
