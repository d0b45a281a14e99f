using System.Diagnostics;
using OpenTelemetry;

namespace ReportIntake.Web.Telemetry;

/// <summary>
/// The last gate before a span leaves: of tags only those known to be harmless, of events and baggage nothing. Whatever a later
/// framework adds (paths, addresses, user agents, texts of exceptions) stays here until somebody has looked at it.
/// </summary>
public sealed class SpanFilter : BaseProcessor<Activity>
{
    public const string Method = "http.request.method";
    public const string Route = "http.route";
    public const string Status = "http.response.status_code";
    public const string Outcome = "reportintake.outcome";
    public const string Attempt = "reportintake.job.attempt";

    private static readonly HashSet<string> Harmless = [Method, Route, Status, Outcome, Attempt, "error.type"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in data.TagObjects.Where(t => !Harmless.Contains(t.Key)).Select(t => t.Key).ToList())
        {
            data.SetTag(tag, null); // removes it
        }

        if (data.StatusDescription is not null)
        {
            data.SetStatus(data.Status);
        }

        // Events and links cannot be taken away again, and none of this program's spans has any.
        if (data.Events.Any() || data.Links.Any() || data.TraceStateString is not null)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
