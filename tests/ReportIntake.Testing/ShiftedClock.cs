using ReportIntake.Web;

namespace ReportIntake.Testing;

/// <summary>The product's clock, put forward by hand. It goes on ticking, and waits take their real time.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private readonly MicrosecondClock real = new();
    private long shift;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow().AddTicks(Interlocked.Read(ref shift));

    public void Advance(TimeSpan by) => Interlocked.Add(ref shift, by.Ticks);
}
