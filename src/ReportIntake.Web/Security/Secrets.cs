using System.Collections.Concurrent;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>A key of the service, protected by the Data Protection key ring (<see cref="KeyRingOptions"/>): a copy of the database alone opens nothing.</summary>
public sealed class Secret
{
    public required string Name { get; init; }

    public required byte[] Protected { get; init; }
}

/// <summary>Reads the service's keys, and makes one that is missing. Whoever commits first wins; all nodes then use that one.</summary>
public sealed class Secrets(IServiceScopeFactory scopes, IDataProtectionProvider protection)
{
    private readonly ConcurrentDictionary<string, byte[]> known = new(StringComparer.Ordinal);

    /// <summary>
    /// The key of that name. Made on a connection of its own, so on SQLite the first call must not come from inside a
    /// transaction that writes; <see cref="SecretsAtStart"/> sees to that.
    /// </summary>
    public async ValueTask<byte[]> GetOrCreateAsync(string name, Func<byte[]> create, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(name, out var cached))
        {
            return cached;
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        var protector = Protector(protection, name);
        var stored = await ReadAsync(database, name, cancellationToken);
        if (stored is null)
        {
            // Where another process was first its key stays, and a first start of several nodes logs no failure.
            var made = protector.Protect(create());
            try
            {
                await database.Database.ExecuteSqlAsync(
                    $"INSERT INTO Secrets (Name, Protected) SELECT {name}, {made} WHERE NOT EXISTS (SELECT 1 FROM Secrets WHERE Name = {name})", cancellationToken);
            }
            catch (System.Data.Common.DbException)
            {
                // At the same moment as another, or the database refuses: the next line tells which.
            }

            stored = await ReadAsync(database, name, cancellationToken)
                ?? throw new InvalidOperationException($"The key '{name}' could not be kept.");
        }

        return known.GetOrAdd(name, protector.Unprotect(stored));
    }

    /// <summary>What a secret of that name is protected by at rest.</summary>
    public static IDataProtector Protector(IDataProtectionProvider protection, string name) => protection.CreateProtector("secrets", name);

    private static Task<byte[]?> ReadAsync(ReportIntakeDbContext database, string name, CancellationToken cancellationToken) =>
        database.Secrets.Where(s => s.Name == name).Select(s => s.Protected).SingleOrDefaultAsync(cancellationToken);
}

/// <summary>Makes the keys before the first request, outside of any transaction. A database that is away does not stop the start.</summary>
public sealed partial class SecretsAtStart(ReceiptHasher receipts, IOptions<KeyRingOptions> keyRing, ILogger<SecretsAtStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(keyRing.Value.Certificate))
        {
            LogInTheClear(logger);
        }

        try
        {
            await receipts.LoadAsync(cancellationToken);
        }
        catch (System.Data.Common.DbException exception)
        {
            LogNotYet(logger, exception.GetType().Name);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys in DataDirectory/keys are guarded by file permissions alone: whoever copies them with the data can read it. Set KeyRing:Certificate, and run \"keys protect\" once to encrypt them.")]
    private static partial void LogInTheClear(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service's keys cannot be read yet ({Reason}). Is the database migrated?")]
    private static partial void LogNotYet(ILogger logger, string reason);
}
