using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>
/// Finds the report of a receipt code. A known and an unknown code take the same time to the outside: both answers wait
/// until <see cref="Floor"/> has passed, which is well above what either needs.
/// </summary>
public sealed class ReceiptLookup(ReportIntakeDbContext database, ReceiptHasher receipts, TimeProvider clock)
{
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(120);

    public async Task<Result<Guid>> FindAsync(string? code, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var id = await FindOrDefaultAsync(code, cancellationToken);
        var left = Floor - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock, cancellationToken);
        }

        return id == Guid.Empty ? ReportErrors.ReceiptNotFound : id;
    }

    private async Task<Guid> FindOrDefaultAsync(string? code, CancellationToken cancellationToken)
    {
        if (!ReceiptCode.TryParse(code, out var receipt))
        {
            return Guid.Empty;
        }

        var key = await receipts.HashAsync(receipt, cancellationToken);
        return await database.Reports.Where(r => r.ReceiptKey == key).Select(r => r.Id).SingleOrDefaultAsync(cancellationToken);
    }
}
