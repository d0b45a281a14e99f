using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>What one person may still look at today. Every byte of evidence that staff are sent passes <see cref="SpendAsync"/>.</summary>
public sealed class ExposureBudget(ReportIntakeDbContext database, IOptions<ExposureOptions> options)
{
    /// <summary>For how many days numbers are kept; whoever begins a day removes older ones.</summary>
    public const int KeptDays = 90;

    private static readonly string[] Looks = ["thumbnail_viewed", "contact_sheet_viewed", "working_copy_viewed", "original_read"];

    public ExposureLimits Limits => options.Value.Limits();

    /// <summary>
    /// A file is about to be sent. It costs one reveal a day, whatever is sent of it and how often: that it was looked at
    /// is in the ledger already, so that no second record of it is kept here.
    /// </summary>
    public async Task<Result> SpendAsync(Guid staff, Guid evidenceId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = await TodayAsync(staff, now, cancellationToken);
        return today.Reveal(await SeenTodayAsync(staff, evidenceId, now, cancellationToken), Limits, now);
    }

    /// <summary>Whether the person was sent anything of the file since midnight.</summary>
    public Task<bool> SeenTodayAsync(Guid staff, Guid evidenceId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var start = ExposureDay.StartOf(ExposureDay.DayOf(now));
        return database.Ledger.AnyAsync(e => e.EvidenceId == evidenceId && e.ActorId == staff && e.At >= start && Looks.Contains(e.Action), cancellationToken);
    }

    /// <summary>The person's day, begun where it has not been; to be saved by the caller, in whose transaction this runs.</summary>
    public async Task<ExposureDay> TodayAsync(Guid staff, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Changes nothing, and makes one person's requests wait for one another: two at once would count as one.
        var day = ExposureDay.DayOf(now);
        await database.Set<ExposureDay>().Where(d => d.StaffId == staff && d.Day == day)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.Reveals, d => d.Reveals), cancellationToken);
        var last = await LastAsync(staff, cancellationToken);
        if (last?.Day == day)
        {
            return last;
        }

        var oldest = day.AddDays(-KeptDays);
        await database.Set<ExposureDay>().Where(d => d.Day < oldest).ExecuteDeleteAsync(cancellationToken);
        var today = ExposureDay.Begin(staff, last, now);
        database.Add(today);
        return today;
    }

    public async Task<ExposureLoad> LoadAsync(Guid staff, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await LastAsync(staff, cancellationToken);
        return (last?.Day == ExposureDay.DayOf(now) ? last : ExposureDay.Begin(staff, last, now)).LoadAt(Limits, now);
    }

    private Task<ExposureDay?> LastAsync(Guid staff, CancellationToken cancellationToken) =>
        database.Set<ExposureDay>().Where(d => d.StaffId == staff).OrderByDescending(d => d.Day).FirstOrDefaultAsync(cancellationToken);
}
