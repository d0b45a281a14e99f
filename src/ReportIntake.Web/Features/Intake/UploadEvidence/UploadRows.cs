using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>
/// Few uploads at a time write their rows. A writer of SQLite waits for its turn with its connection open, which takes half a
/// megabyte: of 64 phones that begin at once the others wait here instead, without one.
/// </summary>
/// <remarks>Never inside a transaction: it would hold the turn that those before it wait for.</remarks>
public sealed class UploadRows : IDisposable
{
    private const int AtOnce = 4;

    private readonly SemaphoreSlim turns = new(AtOnce);

    public async Task SaveAsync(ReportIntakeDbContext database, CancellationToken ct)
    {
        await turns.WaitAsync(ct);
        try
        {
            await database.SaveChangesAsync(ct);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
