using System.Globalization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Tests.Moderation.TeamView;

/// <summary>Two shifts of 2 March 2026, a Monday, as they were: 00:00 to 08:00 and 08:00 to 16:00 UTC. What was left over is settled but for two reports.</summary>
internal static class TeamHost
{
    private static readonly Actor Moderator = Actor.Moderator(Guid.NewGuid());
    private static readonly Actor Police = Actor.Police(Guid.NewGuid());

    public static async Task<ModerationHost> AfterTwoShiftsAsync()
    {
        var host = new ModerationHost();

        // Left over from the night: looked at after 13 hours.
        await host.AddAsync(Tier.Urgent, at: At("2026-03-01T20:00Z"), then: r => Verified(r, "2026-03-02T09:00Z", "2026-03-02T09:20Z"));

        // One in time, one late that the police give back and nobody has taken since.
        await host.AddAsync(Tier.Immediate, at: At("2026-03-02T01:00Z"), then: r => Verified(r, "2026-03-02T01:05Z", "2026-03-02T01:10Z"));
        await host.AddAsync(Tier.Immediate, at: At("2026-03-02T02:00Z"), then: r =>
        {
            Verified(r, "2026-03-02T02:40Z", "2026-03-02T03:00Z");
            Done(r.Return(Police, "Where was it?", At("2026-03-02T12:00Z")));
        });

        // Taken twice: the first time counts.
        await host.AddAsync(Tier.Urgent, childSafety: false, at: At("2026-03-02T07:00Z"), then: r =>
        {
            Done(r.Claim(Moderator, At("2026-03-02T08:30Z")));
            Done(r.Release(Moderator, At("2026-03-02T08:40Z")));
            Done(r.Claim(Moderator, At("2026-03-02T09:45Z")));
            Done(r.Reject(Moderator, Disposition.OutOfScope, null, At("2026-03-02T10:00Z")));
        });

        // Verified by a slip, undone, and then rejected with the next one: once out, not three times.
        await host.AddAsync(Tier.NonUrgent, childSafety: false, at: At("2026-03-02T11:00Z"), then: r =>
        {
            Done(r.Claim(Moderator, At("2026-03-02T11:01Z")));
            Done(r.Decide(TimeSpan.FromSeconds(10), At("2026-03-02T11:02Z"), held => held.Verify(Moderator, r.Category, childSafety: false, Tier.NonUrgent, null, At("2026-03-02T11:02Z"))));
            Done(r.Undo(Moderator, At("2026-03-02T11:02:05Z")));
            Done(r.Reject(Moderator, Disposition.Test, null, At("2026-03-02T11:05Z")));
        });

        // Decided after both shifts.
        await host.AddAsync(Tier.NonUrgent, at: At("2026-03-02T10:00Z"), then: r => Verified(r, "2026-03-03T02:00Z", "2026-03-03T02:10Z"));

        // Waits for its reporter.
        await host.AddAsync(Tier.Immediate, at: At("2026-03-02T13:00Z"), then: r =>
        {
            Done(r.Claim(Moderator, At("2026-03-02T13:01Z")));
            Done(r.RequestInformation(Moderator, "Which account?", At("2026-03-16T13:05Z"), At("2026-03-02T13:05Z")));
        });
        return host;
    }

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static void Verified(Report report, string claimed, string verified)
    {
        Done(report.Claim(Moderator, At(claimed)));
        Done(report.Verify(Moderator, report.Category, childSafety: true, report.ProvisionalTier, null, At(verified)));
    }

    private static void Done(Result result) => Assert.True(result.IsSuccess, result.Error?.Code);
}
