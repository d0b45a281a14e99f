namespace ReportIntake.Domain.Exposure;

/// <summary>How much of the evidence one person looks at in a day, and how long without a break.</summary>
/// <param name="Reveals">Distinct files a day.</param>
/// <param name="Viewing">Time a day with media on the screen.</param>
/// <param name="SuggestBreakAfter">Such time without a break after which one is suggested.</param>
/// <param name="RequireBreakAfter">The same after which nothing more is shown until the break was taken.</param>
/// <param name="BreakLength">How long nothing must have been on the screen to count as a break.</param>
public sealed record ExposureLimits(int Reveals, TimeSpan Viewing, TimeSpan SuggestBreakAfter, TimeSpan RequireBreakAfter, TimeSpan BreakLength);

/// <summary>What somebody has looked at today, in numbers alone, and what is left.</summary>
/// <param name="Reveals">Distinct files.</param>
/// <param name="Minutes">Whole minutes with media on the screen.</param>
/// <param name="Granted">Files that a supervisor has granted beyond the budget.</param>
/// <param name="BreakSuggested">A break would do good.</param>
/// <param name="BreakUntil">Until then nothing is shown; null where no break is required.</param>
public sealed record ExposureLoad(int Reveals, int RevealsLeft, int Minutes, int MinutesLeft, int Granted, bool BreakSuggested, DateTimeOffset? BreakUntil)
{
    /// <summary>Whether a file is shown. One that was looked at today already needs no reveal.</summary>
    public bool Allows(bool seenToday) => MinutesLeft > 0 && BreakUntil is null && (seenToday || RevealsLeft > 0);
}
