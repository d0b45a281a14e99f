using System.Globalization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Exposure;

/// <summary>Every refusal of the exposure budget, with its permanent code. Those that pass by themselves say when: <c>retryAfter</c>, in seconds.</summary>
public static class ExposureErrors
{
    public static readonly Error OwnBudget = new("exposure_own_budget", ErrorKind.Forbidden, "Nobody extends their own budget: ask another supervisor.");

    /// <param name="left">Time to the next day.</param>
    public static Error Exhausted(TimeSpan left) => new(
        "exposure_budget_exhausted",
        ErrorKind.TooMany,
        "Today's budget for looking at evidence is used up. Decide by the text, or leave the file to a colleague; a supervisor can extend the budget, and it begins anew at midnight (WIB).")
    {
        Arguments = new Dictionary<string, string> { ["retryAfter"] = Seconds(left) },
    };

    /// <param name="left">How long the break still lasts.</param>
    public static Error BreakRequired(TimeSpan left) => new(
        "exposure_break_required", ErrorKind.TooMany, "A break from looking at evidence is due. Everything else can be done meanwhile.")
    {
        Arguments = new Dictionary<string, string> { ["retryAfter"] = Seconds(left), ["minutes"] = Whole(left.TotalMinutes) },
    };

    private static string Seconds(TimeSpan time) => Whole(time.TotalSeconds);

    private static string Whole(double number) => Math.Max(1, Math.Ceiling(number)).ToString(CultureInfo.InvariantCulture);
}
