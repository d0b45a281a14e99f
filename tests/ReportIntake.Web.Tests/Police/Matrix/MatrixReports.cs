using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Evidence.Metadata;

namespace ReportIntake.Web.Tests.Police.Matrix;

/// <summary>Reports in every state, in an area and in none, each with a file.</summary>
internal sealed class MatrixReports(PoliceHost host)
{
    private static readonly Actor Second = Actor.Moderator(Guid.Parse("5a4e43a8-7d3c-4c8b-9a53-0d3f4c1b2a11"));

    public sealed record Entry(Guid Id, Guid EvidenceId, ReportState State, string? Area);

    public async Task<Entry> MakeAsync(ReportState state, string? area)
    {
        var report = state.IsVisibleToPolice() ? await host.VerifiedAsync(area, Tier.Urgent, state) : await host.SubmittedAsync(area);
        if (!state.IsVisibleToPolice())
        {
            var canonical = state is ReportState.Duplicate ? await host.SubmittedAsync(area) : null;
            await host.WithDatabaseAsync(async database =>
            {
                var stored = await database.Reports.Include(r => r.Votes).SingleAsync(r => r.Id == report.Id);
                Change(stored, state, canonical);
                Assert.Equal(state, stored.State);
                return await database.SaveChangesAsync();
            });
        }

        var file = await host.EvidenceAsync(report.Id, [1, 2, 3, 4]);
        await host.Services.GetRequiredService<MetadataSheets>().WriteAsync(file.Id, new MetadataSheet(new Dictionary<string, string> { ["width"] = "4000" }, []), default);
        return new Entry(report.Id, file.Id, state, area);
    }

    private void Change(Report report, ReportState state, Report? canonical)
    {
        var (moderator, now) = (PoliceHost.Moderator, host.Now);
        switch (state)
        {
            case ReportState.Received:
                break;
            case ReportState.UnderVerification:
                Done(report.Claim(moderator, now));
                break;
            case ReportState.NeedsInformation:
                Done(report.Claim(moderator, now));
                Done(report.RequestInformation(moderator, "Akun yang mana?", now.AddDays(10), now));
                break;
            case ReportState.Rejected:
                Done(report.Claim(moderator, now));
                Done(report.Reject(moderator, Disposition.Unfounded, null, now));
                Done(report.Claim(Second, now));
                Done(report.Reject(Second, Disposition.Unfounded, null, now)); // the category is child-safety: two people
                break;
            case ReportState.Duplicate:
                Done(report.Claim(moderator, now));
                Done(report.MarkDuplicate(moderator, canonical!, now));
                break;
            case ReportState.Withdrawn:
                Done(report.Withdraw(now));
                break;
            case ReportState.Purged:
                Done(report.Withdraw(now));
                Done(report.Purge(now));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "Make it here, and say in the table what the police see of it.");
        }
    }

    private static void Done(Domain.Results.Result result) => Assert.Null(result.Error);
}
