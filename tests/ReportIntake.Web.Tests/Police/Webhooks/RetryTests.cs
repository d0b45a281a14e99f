using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Tests.Telemetry;

namespace ReportIntake.Web.Tests.Police.Webhooks;

/// <summary>Receivers that fail; days pass by the clock's hand. Each test has a program of its own, since all share its clock.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private readonly WebhookHost program = new();

    public ValueTask DisposeAsync() => program.DisposeAsync();

    [Fact]
    public async Task Fails_AtRandom_EveryEventArrives()
    {
        using var police = await program.PoliceAsync("33.01");
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, call) =>
        {
            // By id and try, so that a failed run can be repeated: two of five fail.
            var tries = receiver.Calls.Count(c => c.EventId == call.EventId);
            context.Response.StatusCode = (call.EventId.GetHashCode() + tries) % 5 is 0 or 1 ? 500 : 200;
            return Task.CompletedTask;
        };
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        for (var i = 0; i < 40; i++)
        {
            await program.VerifiedAsync("33.01");
        }

        var expected = await program.PublishedAsync("33.01");
        await UntilAllTakenAsync(receiver, expected, TimeSpan.FromMinutes(10));

        Assert.True(receiver.Calls.Count > expected.Count);
        await WebhookHost.UntilAsync(async () => (await program.DeliveriesAsync(id)).TrueForAll(d => d.State == WebhookDeliveryState.Delivered));
        Assert.Equal(expected, (await program.DeliveriesAsync(id)).Select(d => d.EventId));
    }

    [Fact]
    public async Task Fails_ForADay_CircuitOpensAndAllArriveInOrderAfterwards()
    {
        using var police = await program.PoliceAsync("33.02");
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        for (var i = 0; i < 30; i++)
        {
            await program.VerifiedAsync("33.02");
        }

        var expected = await program.PublishedAsync("33.02");
        await WebhookHost.UntilAsync(async () => (await program.WebhookAsync(id)) is { PausedUntil: not null, LeasedBy: null });
        Assert.Equal(Webhook.FailuresUntilPause, receiver.Calls.Count); // and no more: the others wait untried
        for (var hour = 0; hour < 24; hour++)
        {
            var before = receiver.Calls.Count;
            program.Advance(TimeSpan.FromHours(1));
            await WebhookHost.UntilAsync(async () => receiver.Calls.Count == before + 1 && (await program.WebhookAsync(id)) is { PausedUntil: not null, LeasedBy: null });
        }

        Assert.Equal(WebhookState.Active, (await program.WebhookAsync(id)).State);
        receiver.AnswerWith(200);
        program.Advance(TimeSpan.FromMinutes(10));
        await WebhookHost.UntilAsync(() => receiver.Taken.Count == expected.Count);

        Assert.Equal(expected, receiver.Taken.Select(c => c.EventId));
    }

    [Fact]
    public async Task Fails_LongerThanTheSchedule_IsDisabledAndGoesOnWhereItStopped()
    {
        using var police = await program.PoliceAsync("33.03");
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        await program.VerifiedAsync("33.03");
        await WebhookHost.UntilAsync(async () => (await program.DeliveriesAsync(id)) is [{ Attempts.Count: 1 }]);
        for (var attempt = 2; (await program.WebhookAsync(id)).State is WebhookState.Active; attempt++)
        {
            var due = (await program.DeliveriesAsync(id))[0].NextAttemptAt!.Value;
            program.Advance(due - program.Now);
            var expectedAttempts = attempt;
            await WebhookHost.UntilAsync(async () =>
                (await program.DeliveriesAsync(id))[0].Attempts.Count >= expectedAttempts && (await program.WebhookAsync(id)).LeasedBy is null);
            Assert.True(attempt < 200, "It is never disabled.");
        }

        var disabled = await police.ReadWebhookAsync(id);
        Assert.Equal(("disabled", "failing"), (disabled.Text("state"), disabled.Text("disabledReason")));
        Assert.Equal(WebhookDeliveryState.Pending, (await program.DeliveriesAsync(id))[0].State);
        await program.VerifiedAsync("33.03");
        var expected = await program.PublishedAsync("33.03");
        receiver.AnswerWith(200);
        using var enabled = await police.WebhookAsync(id, "enable");
        Assert.Equal("active", (await enabled.JsonAsync(HttpStatusCode.OK)).Text("state"));
        await WebhookHost.UntilAsync(() => receiver.Taken.Count == 2);

        Assert.Equal(expected, receiver.Taken.Select(c => c.EventId));
    }

    [Fact]
    public async Task Answers410_IsDisabledAtOnceAndRecorded()
    {
        using var police = await program.PoliceAsync("33.04");
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(410);
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        await program.VerifiedAsync("33.04");
        await WebhookHost.UntilAsync(async () => (await program.WebhookAsync(id)) is { State: WebhookState.Disabled, LeasedBy: null });

        await program.VerifiedAsync("33.04");
        await program.PublishedAsync("33.04");
        program.Advance(TimeSpan.FromDays(1));

        Assert.Equal("gone", (await police.ReadWebhookAsync(id)).Text("disabledReason"));
        Assert.Single(receiver.Calls);
        var entry = await program.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.Action == "webhook_disabled"));
        Assert.Equal(ActorKind.System, entry.ActorKind);
        Assert.Contains(id.ToString(), entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_ThenTaken_LagFromTheEventIsMeasured()
    {
        using var police = await program.PoliceAsync("33.08");
        await using var receiver = await Receiver.StartAsync();
        receiver.AnswerWith(500);
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        await program.VerifiedAsync("33.08");
        await WebhookHost.UntilAsync(async () => !receiver.Calls.IsEmpty && (await program.WebhookAsync(id)).LeasedBy is null);
        using var measured = new Measured(i => i.Name == "reportintake.delivery.lag"); // of the whole process: other tests deliver too

        receiver.AnswerWith(200);
        var outage = new TimeSpan(3, 17, 31);
        program.Advance(outage);
        await WebhookHost.UntilAsync(() => measured.Of("reportintake.delivery.lag").Any(lag => lag >= outage.TotalSeconds && lag < 2 * outage.TotalSeconds));

        Assert.Single(receiver.Taken);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Answers_RetryAfter_IsLeftAloneThatLong(int status)
    {
        using var police = await program.PoliceAsync("33.05");
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7200";
            return Task.CompletedTask;
        };
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        await program.VerifiedAsync("33.05");
        await program.VerifiedAsync("33.05");
        var expected = await program.PublishedAsync("33.05");
        await WebhookHost.UntilAsync(async () => (await program.WebhookAsync(id)) is { PausedUntil: not null, LeasedBy: null });

        var paused = await program.WebhookAsync(id);
        Assert.InRange(paused.PausedUntil!.Value - program.Now, TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(120));
        Assert.Single(receiver.Calls);
        receiver.Answer = (_, _) => Task.CompletedTask;
        program.Advance(TimeSpan.FromMinutes(121));
        await WebhookHost.UntilAsync(() => receiver.Taken.Count == 2);

        Assert.Equal(expected, receiver.Taken.Select(c => c.EventId));
    }

    [Fact]
    public async Task Redirects_AreNotFollowed()
    {
        using var police = await program.PoliceAsync("33.06");
        await using var receiver = await Receiver.StartAsync();
        await using var elsewhere = await Receiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.Redirect(elsewhere.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        await program.VerifiedAsync("33.06");
        await WebhookHost.UntilAsync(async () => (await program.DeliveriesAsync(id)) is [{ Attempts.Count: 1 }]);

        var attempt = (await program.DeliveriesAsync(id))[0].Attempts.Single();
        Assert.Equal((307, WebhookFailure.Redirect), (attempt.Status, attempt.Failure));
        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task Hangs_OrClosesOrAnswersEndlessly_IsLoggedByKind()
    {
        using var police = await program.PoliceAsync("33.07");
        await using var receiver = await Receiver.StartAsync();
        var (id, _) = await police.AddWebhookAsync(receiver.Url);
        var release = new TaskCompletionSource();

        receiver.Answer = (_, _) => release.Task;
        Assert.Equal("timeout", (await TestAsync()).Failure);
        release.SetResult();
        receiver.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal("connection_failed", (await TestAsync()).Failure);
        receiver.Answer = async (context, _) =>
        {
            // An answer that never ends: its status counts, and its body is left alone.
            try
            {
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(new string('x', 100_000), context.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                // The caller has gone.
            }
        };
        Assert.Equal((true, null), await TestAsync());

        async Task<(bool Delivered, string? Failure)> TestAsync()
        {
            using var answer = await police.WebhookAsync(id, "test");
            var json = await answer.JsonAsync(HttpStatusCode.OK);
            return (json.GetProperty("delivered").GetBoolean(), json.GetProperty("failure").GetString());
        }
    }

    /// <summary>Time is put forward until every event was taken.</summary>
    private async Task UntilAllTakenAsync(Receiver receiver, List<Guid> expected, TimeSpan step)
    {
        await WebhookHost.UntilAsync(() =>
        {
            program.Advance(step);
            return Task.FromResult(expected.All(receiver.Taken.Select(c => c.EventId).ToHashSet().Contains));
        });
    }
}
