namespace ReportIntake.Web;

/// <summary>The product's clock: UTC, cut to microseconds, because that is what every database here keeps.</summary>
public sealed class MicrosecondClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
