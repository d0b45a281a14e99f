using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>
/// Reports on which a first vote is open: whose it is and that there was one stands in the ledger at once, but is read only
/// when the second person has decided, who may be an admin too.
/// </summary>
internal static class OpenVotes
{
    public static async Task<IReadOnlySet<Guid>> ReportsAsync(ReportIntakeDbContext database, CancellationToken ct)
    {
        var pending = true; // a parameter: SQLite walks no index for a bare boolean column
        return await database.Set<Vote>().Where(v => v.Pending == pending).Select(v => EF.Property<Guid>(v, "ReportId")).ToHashSetAsync(ct);
    }
}
