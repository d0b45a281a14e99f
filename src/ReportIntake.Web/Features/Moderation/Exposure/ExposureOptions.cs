using ReportIntake.Domain.Exposure;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>
/// Section <c>Desk:Exposure</c>: how much evidence one person looks at in a day. The defaults are ours, on the careful
/// side; an organisation sets them with those who care for its staff.
/// </summary>
public sealed class ExposureOptions
{
    /// <summary>Distinct files that one person may look at in a day.</summary>
    public int RevealsPerDay { get; set; } = 120;

    /// <summary>Minutes a day with media on the screen.</summary>
    public int MinutesPerDay { get; set; } = 90;

    /// <summary>Time with media on the screen after which a break is suggested.</summary>
    public TimeSpan SuggestBreakAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same after which it is required.</summary>
    public TimeSpan RequireBreakAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a break lasts.</summary>
    public TimeSpan BreakLength { get; set; } = TimeSpan.FromMinutes(15);

    public ExposureLimits Limits() => new(RevealsPerDay, TimeSpan.FromMinutes(MinutesPerDay), SuggestBreakAfter, RequireBreakAfter, BreakLength);

    internal bool IsValid => RevealsPerDay > 0 && MinutesPerDay > 0 && BreakLength > TimeSpan.Zero
        && SuggestBreakAfter > TimeSpan.Zero && SuggestBreakAfter <= RequireBreakAfter;
}
