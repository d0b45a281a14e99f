using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>
/// When each key was last used. Requests only note it in memory; once a minute, and when the service stops, it is written,
/// so that no request waits and a busy client costs one write a minute. A crash loses at most that minute.
/// </summary>
public sealed partial class KeyUses(IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeyUses> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> unwritten = new();

    public void Note(Guid keyId, DateTimeOffset now) => unwritten[keyId] = now;

    /// <summary>Writes what was noted since the last time.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        foreach (var (keyId, at) in unwritten.ToArray())
        {
            // Another process may have written a later time.
            await database.ClientKeys.Where(k => k.Id == keyId && (k.LastUsedAt == null || k.LastUsedAt < at))
                .ExecuteUpdateAsync(row => row.SetProperty(k => k.LastUsedAt, at), cancellationToken);
            unwritten.TryRemove(KeyValuePair.Create(keyId, at)); // not where it was used again meanwhile
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryWriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (System.Data.Common.DbException exception)
        {
            LogLater(logger, exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last uses of API keys could not be written ({Reason}); they will be with the next ones")]
    private static partial void LogLater(ILogger logger, string reason);
}
