using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>The open sessions of staff. What ends here is refused at its next request; see <see cref="SessionCheck"/>.</summary>
public sealed class StaffSessions(ReportIntakeDbContext database, IHttpContextAccessor http, IOptions<StaffOptions> staff, TimeProvider clock)
{
    /// <summary>Starts one, and clears away what has lain unused for so long that its cookie has run out.</summary>
    public async Task<Guid> OpenAsync(Guid staffId, bool isTool)
    {
        var now = clock.GetUtcNow();
        var unused = now - staff.Value.IdleTimeout - TimeSpan.FromHours(1);
        await database.StaffSessions.Where(s => s.StaffId == staffId && s.LastSeenAt < unused).ExecuteDeleteAsync();
        var session = new StaffSession
        {
            Id = Guid.CreateVersion7(now),
            StaffId = staffId,
            Device = DeviceWords.Of(http.HttpContext?.Request.Headers.UserAgent.ToString() ?? ""),
            IsTool = isTool,
            StartedAt = now,
            LastSeenAt = now,
        };
        database.StaffSessions.Add(session);
        await database.SaveChangesAsync();
        return session.Id;
    }

    /// <summary>The person's sessions, the newest first.</summary>
    public async Task<IReadOnlyList<StaffSession>> ListAsync(Guid staffId, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - staff.Value.IdleTimeout;
        return await database.StaffSessions.AsNoTracking().Where(s => s.StaffId == staffId && s.LastSeenAt >= since)
            .OrderByDescending(s => s.StartedAt).ThenByDescending(s => s.Id).ToListAsync(cancellationToken);
    }

    public Task<bool> IsOpenAsync(Guid staffId, Guid session) => database.StaffSessions.AnyAsync(s => s.Id == session && s.StaffId == staffId);

    /// <returns>False where the person has no such session.</returns>
    public async Task<bool> EndAsync(Guid staffId, Guid session) =>
        await database.StaffSessions.Where(s => s.Id == session && s.StaffId == staffId).ExecuteDeleteAsync() > 0;

    /// <param name="staffId">Whose.</param>
    /// <param name="but">The session that goes on, if any.</param>
    public Task EndAllAsync(Guid staffId, Guid? but = null) =>
        database.StaffSessions.Where(s => s.StaffId == staffId && s.Id != (but ?? Guid.Empty)).ExecuteDeleteAsync();
}
