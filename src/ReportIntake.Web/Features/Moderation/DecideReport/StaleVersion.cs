using System.Globalization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Moderation.ReadReport;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.DecideReport;

/// <summary>412 <c>version_stale</c> with what has changed since the version that the caller knew, as far as the reader may know it.</summary>
public sealed class StaleVersion(ReportReader reader, ErrorText texts)
{
    /// <summary>What makes a new version, except what nobody's decision rests on.</summary>
    private static readonly HashSet<string> Changes = [.. Enum.GetValues<ReportAction>().Except([ReportAction.ReportOverdue]).Select(a => a.Name())];

    public sealed record Change(string Action, DateTimeOffset At);

    public async Task<IHttpResult> AnswerAsync(Guid reportId, string? ifMatch, CancellationToken cancellationToken)
    {
        var problem = Problems.Of(ReportErrors.StaleVersion, texts);
        var read = await reader.ReadAsync(reportId, cancellationToken);
        if (read.IsSuccess)
        {
            var report = read.Value;
            problem.Extensions["currentVersion"] = report.Version;
            problem.Extensions["changes"] = int.TryParse(ifMatch?.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var known) && known < report.Version
                ? report.History.Where(h => Changes.Contains(h.Action)).TakeLast(report.Version - known).Select(h => new Change(h.Action, h.At)).ToList()
                : [];
        }

        return TypedResults.Problem(problem);
    }
}
