using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>The whole program with its evidence on S3.</summary>
/// <param name="settings">Where, and what else is not as usual.</param>
/// <param name="beside">Another node, whose database and data directory this one shares.</param>
internal sealed class S3Host(Dictionary<string, string?> settings, IntakeHost? beside = null) : PoliceHost
{
    protected override IReadOnlyDictionary<string, string?> Settings { get; } = beside is null
        ? settings
        : new Dictionary<string, string?>(settings) { ["ReportIntake:DataDirectory"] = beside.DataDirectory };

    protected override IntakeHost? Beside => beside;

    public async Task RunAsync<TJob>()
        where TJob : IRecurringJob
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().ExecuteAsync(CancellationToken.None);
    }

    /// <summary>A report's one file, when screening has looked at it.</summary>
    public async Task<EvidenceItem> ScreenedAsync(Guid id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var item = await WithDatabaseAsync(database => database.Evidence.AsNoTracking().SingleAsync(e => e.Id == id));
            if (item.State is EvidenceState.Available or EvidenceState.Quarantined)
            {
                return item;
            }

            await Task.Delay(100, patience.Token);
        }
    }
}
