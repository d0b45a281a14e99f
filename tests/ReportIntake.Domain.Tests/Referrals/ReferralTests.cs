using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Tests.Reports;
using static ReportIntake.Domain.Referrals.ReferralState;

namespace ReportIntake.Domain.Tests.Referrals;

public sealed class ReferralTests
{
    private static readonly HashSet<(ReferralState From, ReferralState To)> Allowed =
        [(Created, Sent), (Created, Declined), (Sent, Acknowledged), (Sent, Closed), (Sent, Declined), (Acknowledged, Closed), (Acknowledged, Declined)];

    private static readonly ReportState[] Decided = [ReportState.Rejected, ReportState.Verified, ReportState.InFollowUp, ReportState.Resolved, ReportState.Closed];

    public static TheoryData<ReferralState, ReferralState> Pairs()
    {
        var pairs = new TheoryData<ReferralState, ReferralState>();
        foreach (var from in Enum.GetValues<ReferralState>())
        {
            foreach (var to in Enum.GetValues<ReferralState>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void MoveTo_EveryPair_IsDoneOrRefusedByName(ReferralState from, ReferralState to)
    {
        var referral = In(from);
        var version = referral.Version;

        var moved = referral.MoveTo(to, "They called back.", Sample.Now);

        if (Allowed.Contains((from, to)))
        {
            Assert.True(moved.IsSuccess);
            Assert.Equal((to, "They called back.", version + 1), (referral.State, referral.Answer, referral.Version));
        }
        else
        {
            Assert.Equal("referral_transition_refused", moved.Error?.Code);
            Assert.Equal(from.Name(), moved.Error!.Arguments["state"]);
            Assert.Equal((from, version), (referral.State, referral.Version));
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Create_OnlyDecidedReports_AreReferred(ReportState state)
    {
        var created = Referral.Create(Sample.In(state), "sapa_129", null, null, Sample.Now);

        Assert.Equal(Decided.Contains(state), created.IsSuccess);
        Assert.True(created.IsSuccess || created.Error.Code == "transition_refused");
    }

    public static TheoryData<ReportState> States => [.. Enum.GetValues<ReportState>()];

    private static Referral In(ReferralState state)
    {
        var referral = Referral.Create(Sample.In(ReportState.Rejected), "sapa_129", null, null, Sample.Now).Value;
        ReferralState[] way = state switch
        {
            Created => [],
            Sent => [Sent],
            Acknowledged => [Sent, Acknowledged],
            Closed => [Sent, Closed],
            _ => [Declined],
        };
        Assert.All(way, step => Assert.True(referral.MoveTo(step, null, Sample.Now).IsSuccess));
        return referral;
    }
}
