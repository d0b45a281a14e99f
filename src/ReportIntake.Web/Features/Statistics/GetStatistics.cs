using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Statistics;

/// <summary><c>GET /api/v1/statistics</c> and the page: counts of all reports, small ones kept back by <see cref="SmallCells"/>.</summary>
public static class GetStatistics
{
    /// <param name="GeneratedAt">The counts may be as old as <see cref="Query.Age"/>.</param>
    /// <param name="SuppressedBelow">A count of null is below this, or hides one that is.</param>
    /// <param name="Tiers">Confirmed tiers; <c>unconfirmed</c> counts the reports that nobody has confirmed yet.</param>
    /// <param name="Platforms">A report that names several counts for each.</param>
    /// <param name="Months">Of filing, in Jakarta's time: <c>2026-11</c>. The last twelve; <c>earlier</c> counts what came before.</param>
    public sealed record Response(
        DateTimeOffset GeneratedAt, int SuppressedBelow, int? Total,
        IReadOnlyList<Cell> Tiers, IReadOnlyList<Cell> States, IReadOnlyList<Cell> Categories, IReadOnlyList<Cell> Platforms, IReadOnlyList<Cell> Months);

    public static IServiceCollection AddStatistics(this IServiceCollection services) => services.AddSingleton<Query>();

    public static IEndpointRouteBuilder MapStatistics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/statistics", AnswerAsync).AllowAnonymous().WithTags("Citizens")
            .WithName("GetStatistics").WithSummary("Public counts of reports by tier, state, category, platform and month; small counts are null.");
        return routes;
    }

    private static async Task<Ok<Response>> AnswerAsync(Query query, CancellationToken cancellationToken) => TypedResults.Ok(await query.ReadAsync(cancellationToken));

    /// <summary>Counts once in a while for everybody: the numbers are public, and reading them must cost nothing.</summary>
    public sealed class Query(IServiceScopeFactory scopes, ReportCatalogue catalogue, TimeProvider clock) : IDisposable
    {
        public static readonly TimeSpan Age = TimeSpan.FromMinutes(5);
        private const int MonthsShown = 12;

        private readonly SemaphoreSlim counting = new(1, 1);
        private volatile Response? latest;

        public async Task<Response> ReadAsync(CancellationToken cancellationToken)
        {
            if (Fresh() is { } fresh)
            {
                return fresh;
            }

            await counting.WaitAsync(cancellationToken);
            try
            {
                return Fresh() ?? (latest = await CountAsync(cancellationToken));
            }
            finally
            {
                counting.Release();
            }
        }

        public void Dispose() => counting.Dispose();

        private Response? Fresh() => latest is { } kept && clock.GetUtcNow() - kept.GeneratedAt < Age ? kept : null;

        private async Task<Response> CountAsync(CancellationToken cancellationToken)
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
            var now = clock.GetUtcNow();
            var tiers = await database.Reports.GroupBy(r => r.Tier).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
            var states = await database.Reports.GroupBy(r => r.State).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
            var categories = await database.Reports.GroupBy(r => r.Category).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
            var platforms = await database.Set<Subject>().Where(s => s.Platform != null)
                .GroupBy(s => s.Platform).Select(g => new { g.Key, Count = g.Select(s => EF.Property<Guid>(s, "ReportId")).Distinct().Count() })
                .ToListAsync(cancellationToken);
            var total = states.Sum(s => s.Count);
            return new Response(
                now,
                SmallCells.Threshold,
                total < SmallCells.Threshold ? null : total,
                SmallCells.Suppress(
                    Enum.GetValues<Tier>().Select(t => (t.Name(), tiers.FirstOrDefault(x => x.Key == t)?.Count ?? 0))
                        .Append(("unconfirmed", tiers.FirstOrDefault(x => x.Key is null)?.Count ?? 0)),
                    sumIsPublished: true),
                SmallCells.Suppress(Enum.GetValues<ReportState>().Select(s => (s.Name(), states.FirstOrDefault(x => x.Key == s)?.Count ?? 0)), sumIsPublished: true),
                SmallCells.Suppress(
                    catalogue.Categories.Select(c => c.Code).Union(categories.Select(c => c.Key))
                        .Select(code => (code, categories.FirstOrDefault(x => x.Key == code)?.Count ?? 0)),
                    sumIsPublished: true),
                SmallCells.Suppress(catalogue.Platforms.Select(p => (p.Code, platforms.FirstOrDefault(x => x.Key == p.Code)?.Count ?? 0)), sumIsPublished: false),
                SmallCells.Suppress(await MonthsAsync(database, now, cancellationToken), sumIsPublished: true));
        }

        /// <summary>Counted here and not by the database: the two databases cut months differently, and this is one pass either way.</summary>
        private static async Task<IEnumerable<(string Code, int Count)>> MonthsAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var here = now.ToOffset(IndonesianTime.Western);
            var first = new DateTimeOffset(here.Year, here.Month, 1, 0, 0, 0, here.Offset).AddMonths(1 - MonthsShown);
            var counts = new int[MonthsShown];
            var earlier = 0;
            await foreach (var filed in database.Reports.Select(r => r.SubmittedAt).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                var local = filed.ToOffset(IndonesianTime.Western);
                var month = ((local.Year - first.Year) * 12) + local.Month - first.Month;
                if (month < 0)
                {
                    earlier++;
                }
                else
                {
                    counts[Math.Min(month, MonthsShown - 1)]++;
                }
            }

            return counts.Select((count, i) => (first.AddMonths(i).ToString("yyyy-MM", CultureInfo.InvariantCulture), count)).Prepend(("earlier", earlier));
        }
    }
}
