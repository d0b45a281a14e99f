using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Referrals;

/// <summary>Every refusal of a referral, with its permanent code.</summary>
public static class ReferralErrors
{
    public static readonly Error NotFound = new("referral_not_found", ErrorKind.NotFound, "No such referral of this report.");
    public static readonly Error OpenAlready = new("referral_open_already", ErrorKind.Conflict, "The report is with this destination already.");

    /// <summary>The state does not lead there; <c>state</c> and <c>to</c> are among the arguments.</summary>
    public static Error TransitionRefused(ReferralState from, ReferralState to) =>
        new("referral_transition_refused", ErrorKind.Conflict, $"A referral that is {from.Name()} cannot become {to.Name()}.")
        {
            Arguments = new Dictionary<string, string> { ["state"] = from.Name(), ["to"] = to.Name() },
        };
}
