using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Webhooks;

namespace ReportIntake.Domain.Tests.Webhooks;

public sealed class WebhookTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);
    private static readonly WebhookAttempt Failure = new(Start, 500, WebhookFailure.Status, 12);

    [Fact]
    public void Schedule_Whole_IsTheRecommendedOne()
    {
        var (times, now) = (new List<TimeSpan>(), Start);
        while (RetrySchedule.Next(Start, now, 0) is { } next)
        {
            times.Add(next - now);
            now = next;
        }

        Assert.Equal(
            [
                TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
                TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
            ],
            times);
        Assert.Equal(new TimeSpan(75, 35, 5), RetrySchedule.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Schedule_WithItsRandomPart_IsNeverEarlierAndAtMostAFifthLater(double random)
    {
        var now = Start;
        while (RetrySchedule.Next(Start, now, 0) is { } plain)
        {
            var next = RetrySchedule.Next(Start, now, random)!.Value;
            Assert.InRange(next, plain, plain + ((plain - now) * 0.2));
            now = plain;
        }
    }

    [Fact]
    public void Failed_FourTimes_IsNotPaused()
    {
        var webhook = Failed(Webhook.FailuresUntilPause - 1);

        Assert.True(webhook.MaySend);
        Assert.False(webhook.IsProbing);
    }

    [Fact]
    public void Failed_OftenInARow_PausesLongerAndLongerUpToFiveMinutes()
    {
        var pauses = Enumerable.Range(Webhook.FailuresUntilPause, 10).Select(n => Failed(n).PausedUntil!.Value - Start).ToList();

        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)), (pauses[0], pauses[^1]));
    }

    [Fact]
    public void Delivered_AfterFailures_ClosesTheCircuit()
    {
        var webhook = Failed(Webhook.FailuresUntilPause);

        Assert.True(webhook.Delivered(Start));

        Assert.True(webhook.MaySend);
        Assert.Equal((0, null), (webhook.FailuresInARow, webhook.FailingSince));
        Assert.False(webhook.Delivered(Start));
    }

    [Fact]
    public void Failed_AskedToWait_WaitsThatLong()
    {
        var webhook = Webhook.Add(Guid.NewGuid(), "https://hooks.police.example/", 0, Start);

        webhook.Failed(gone: false, TimeSpan.FromHours(2), Start, random: 0);

        Assert.Equal(Start.AddHours(2), webhook.PausedUntil);
    }

    [Fact]
    public void Failed_Gone_IsDisabledAtOnce()
    {
        var webhook = Webhook.Add(Guid.NewGuid(), "https://hooks.police.example/", 0, Start);

        webhook.Failed(gone: true, null, Start, random: 0);

        Assert.Equal((WebhookState.Disabled, WebhookDisabledReason.Gone, Start), (webhook.State, webhook.DisabledReason, webhook.DisabledAt));
    }

    [Fact]
    public void Failed_EveryTimeForTheWholeSchedule_IsDisabled()
    {
        var webhook = Webhook.Add(Guid.NewGuid(), "https://hooks.police.example/", 0, Start);

        webhook.Failed(gone: false, null, Start, random: 0);
        webhook.Failed(gone: false, null, Start + RetrySchedule.Length - TimeSpan.FromSeconds(1), random: 0);
        Assert.Equal(WebhookState.Active, webhook.State);
        webhook.Failed(gone: false, null, Start + RetrySchedule.Length, random: 0);

        Assert.Equal(WebhookDisabledReason.Failing, webhook.DisabledReason);
    }

    [Fact]
    public void Delivery_FailedForTheWholeSchedule_IsGivenUpAndMayBeReplayed()
    {
        var delivery = Delivery();
        var now = Start;
        for (var attempts = 1; delivery.State is WebhookDeliveryState.Pending; attempts++)
        {
            delivery.Failed(Failure, receiverDisabled: false, now, random: 0);
            Assert.True(attempts <= 10);
            now = delivery.NextAttemptAt ?? now;
        }

        Assert.Equal((WebhookDeliveryState.GivenUp, 10, null), (delivery.State, delivery.Attempts.Count, delivery.NextAttemptAt));
        delivery.Replay(now);
        Assert.Equal((WebhookDeliveryState.Pending, now), (delivery.State, delivery.NextAttemptAt));
        delivery.Failed(Failure, receiverDisabled: false, now, random: 0);
        Assert.Equal(WebhookDeliveryState.Pending, delivery.State);
    }

    [Fact]
    public void Delivery_FailedAsTheReceiverIsDisabled_WaitsForIt()
    {
        var delivery = Delivery();
        delivery.Failed(Failure, receiverDisabled: false, Start, random: 0);

        delivery.Failed(Failure, receiverDisabled: true, Start + RetrySchedule.Length, random: 0);

        Assert.Equal(WebhookDeliveryState.Pending, delivery.State);
    }

    private static WebhookDelivery Delivery() => WebhookDelivery.Of(Guid.NewGuid(), Guid.NewGuid(), PoliceEventType.Verified, Guid.NewGuid(), 1, Start);

    private static Webhook Failed(int times)
    {
        var webhook = Webhook.Add(Guid.NewGuid(), "https://hooks.police.example/", 0, Start);
        for (var i = 0; i < times; i++)
        {
            webhook.Failed(gone: false, null, Start, random: 0);
        }

        return webhook;
    }
}
