using System.Diagnostics;

namespace ReportIntake.Web.Telemetry;

/// <summary>
/// Every request begins a trace of its own. Callers' <c>traceparent</c>, <c>tracestate</c> and <c>baggage</c> are text of anybody's:
/// it would decide what is recorded, and go where the traces go. Nothing is told to others either.
/// </summary>
public sealed class OwnTraces : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => [];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        // Nobody outside has any use for it.
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
