using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Tests.Reports;

/// <summary>Reports in every state, brought there by the transitions themselves.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
    public static readonly Actor First = Actor.Moderator(Guid.Parse("00000000-0000-0000-0000-000000000001"));
    public static readonly Actor Second = Actor.Moderator(Guid.Parse("00000000-0000-0000-0000-000000000002"));
    public static readonly Actor Supervisor = Actor.Supervisor(Guid.Parse("00000000-0000-0000-0000-000000000003"));
    public static readonly Actor Police = Actor.Police(Guid.Parse("00000000-0000-0000-0000-000000000004"));

    public static Report Received(Tier tier = Tier.NonUrgent, bool childSafety = false)
    {
        var facts = new ReportFacts { Category = childSafety ? "sextortion" : "online_fraud", ChildSafety = childSafety, Description = "Something happened." };
        return Report.Submit("RI-2026-000001", [1], facts, new Assessment(tier, "test", [], Now), 1, Now).Value;
    }

    public static Report Claimed(Tier tier = Tier.NonUrgent, bool childSafety = false)
    {
        var report = Received(tier, childSafety);
        Assert.True(report.Claim(First, Now).IsSuccess);
        return report;
    }

    public static Report In(ReportState state)
    {
        var report = Claimed();
        var done = state switch
        {
            ReportState.Received => report.Release(First, Now),
            ReportState.UnderVerification => Results.Result.Success,
            ReportState.NeedsInformation => report.RequestInformation(First, "Which account?", Now.AddDays(14), Now),
            ReportState.Verified => report.Verify(First, "online_fraud", false, Tier.Urgent, null, Now),
            ReportState.InFollowUp => In(ReportState.Verified).Into(ref report).Acknowledge(Police, Now),
            ReportState.Resolved => In(ReportState.InFollowUp).Into(ref report).RecordOutcome(Police, OutcomeCode.Arrest, null, Now.AddDays(14), Now),
            ReportState.Closed => In(ReportState.Resolved).Into(ref report).Close(Supervisor, Now),
            ReportState.Rejected => report.Reject(First, Disposition.Unfounded, null, Now),
            ReportState.Duplicate => report.MarkDuplicate(First, Received(), Now),
            ReportState.Withdrawn => report.Withdraw(Now),
            ReportState.Purged => In(ReportState.Closed).Into(ref report).Purge(Now),
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
        Assert.True(done.IsSuccess);
        Assert.Equal(state, report.State);
        return report;
    }

    private static Report Into(this Report other, ref Report report) => report = other;
}
