using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>
/// Counts attempts to sign in before they are looked at, each by one update of the database: a thousand guesses at once are
/// no more than ten, whereas Identity's own counting reads, adds and writes.
/// </summary>
public sealed class SignInAttempts(ReportIntakeDbContext database, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <returns>False while the account is locked; also for the attempt that locks it.</returns>
    public async Task<bool> BeginAsync(Guid staffId)
    {
        DateTimeOffset? now = clock.GetUtcNow(), until = now + identity.Value.Lockout.DefaultLockoutTimeSpan;
        var most = identity.Value.Lockout.MaxFailedAccessAttempts;
        var account = database.Users.Where(u => u.Id == staffId && (u.LockoutEnd == null || u.LockoutEnd <= now));
        return await account.ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount + 1)) == 1
            && await account.Where(u => u.AccessFailedCount > most)
                .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, 0).SetProperty(x => x.LockoutEnd, until)) == 0;
    }

    /// <summary>The attempt was right, and more of the sign-in is to come.</summary>
    public Task TakeBackAsync(Guid staffId) => database.Users.Where(u => u.Id == staffId && u.AccessFailedCount > 0)
        .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount - 1));

    /// <summary>The person is in: what failed before is forgotten.</summary>
    public Task ForgetAsync(Guid staffId) => database.Users.Where(u => u.Id == staffId && u.AccessFailedCount > 0)
        .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, 0));

    /// <summary>Waits out what is left of a refusal's time.</summary>
    /// <param name="started">A timestamp of the clock.</param>
    public async Task RefuseAfterAsync(long started, TimeSpan takes)
    {
        var left = takes - clock.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock);
        }
    }
}
