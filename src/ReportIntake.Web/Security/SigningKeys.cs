using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>A signing key at rest. In the database, so that all nodes sign with the same; the private half is protected by the key ring.</summary>
public sealed class SigningKeyRecord
{
    /// <summary>1, 2, …; the highest signs, the others still verify.</summary>
    public required int Number { get; init; }

    public required string KeyId { get; init; }

    public required string PublicKeyPem { get; init; }

    /// <summary>PKCS #8, protected.</summary>
    public required byte[] ProtectedKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The key that signs; the first is made on first use, by one of the nodes. All know a newer one within <see cref="LookAgain"/>.</summary>
public sealed class SigningKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly IDataProtector protector = protection.CreateProtector("ReportIntake.SigningKeys");
    private readonly SemaphoreSlim once = new(1, 1);
    private volatile Known? current;

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring does not belong to the database.</exception>
    public async Task<SigningKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (current is { } known && clock.GetUtcNow() - known.Since < LookAgain)
        {
            return known.Key;
        }

        await once.WaitAsync(cancellationToken);
        try
        {
            if (current is { } meanwhile && clock.GetUtcNow() - meanwhile.Since < LookAgain)
            {
                return meanwhile.Key;
            }

            var since = clock.GetUtcNow();
            return (current = await LoadAsync(current, since, cancellationToken) ?? new Known(1, await MakeAsync(1, null, cancellationToken), since)).Key;
        }
        finally
        {
            once.Release();
        }
    }

    /// <summary>The key that signed something before.</summary>
    /// <exception cref="InvalidOperationException">There is none of that id.</exception>
    public async Task<SigningKey> OfAsync(string keyId, CancellationToken cancellationToken)
    {
        if (current is { } known && known.Key.KeyId == keyId)
        {
            return known.Key;
        }

        await using var scope = scopes.CreateAsyncScope();
        var record = await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().SigningKeys.AsNoTracking().SingleAsync(k => k.KeyId == keyId, cancellationToken);
        return SigningKey.FromPkcs8(protector.Unprotect(record.ProtectedKey));
    }

    /// <summary>Makes a key that signs from now on, and says so in the ledger.</summary>
    /// <exception cref="DbUpdateException">Somebody else made one at the same time.</exception>
    public async Task<SigningKey> RenewAsync(Actor by, CancellationToken cancellationToken)
    {
        int last;
        await using (var scope = scopes.CreateAsyncScope())
        {
            last = await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().SigningKeys.MaxAsync(k => (int?)k.Number, cancellationToken) ?? 0;
        }

        var key = await MakeAsync(last + 1, by, cancellationToken);
        current = new Known(last + 1, key, clock.GetUtcNow());
        return key;
    }

    public void Dispose() => once.Dispose();

    private async Task<Known?> LoadAsync(Known? known, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().SigningKeys.AsNoTracking();
        if (known is not null && await keys.MaxAsync(k => k.Number, cancellationToken) == known.Number)
        {
            return known with { Since = since };
        }

        var record = await keys.OrderByDescending(k => k.Number).FirstOrDefaultAsync(cancellationToken);
        return record is null ? null : new Known(record.Number, SigningKey.FromPkcs8(protector.Unprotect(record.ProtectedKey)), since);
    }

    private async Task<SigningKey> MakeAsync(int number, Actor? by, CancellationToken cancellationToken)
    {
        var key = SigningKey.New();
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        database.SigningKeys.Add(new SigningKeyRecord
        {
            Number = number,
            KeyId = key.KeyId,
            PublicKeyPem = key.PublicKeyPem,
            ProtectedKey = protector.Protect(key.ToPkcs8()),
            CreatedAt = now,
        });
        if (by is { } actor)
        {
            var details = new Dictionary<string, string> { ["keyId"] = key.KeyId, ["number"] = number.ToString(CultureInfo.InvariantCulture) };
            database.Ledger.Add(LedgerEntry.Write(actor, "signing_key_made", null, null, details, now));
        }

        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return key;
        }
        catch (DbUpdateException conflict) when (number == 1 && by is null)
        {
            // Another node was first: its key counts.
            return (await LoadAsync(null, now, cancellationToken))?.Key ?? throw new InvalidOperationException("The signing key cannot be kept.", conflict);
        }
    }

    private sealed record Known(int Number, SigningKey Key, DateTimeOffset Since);
}
