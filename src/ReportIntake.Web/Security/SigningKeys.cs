using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
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

/// <summary>The key that signs; made on first use, by one of the nodes.</summary>
public sealed class SigningKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider clock) : IDisposable
{
    private readonly IDataProtector protector = protection.CreateProtector("ReportIntake.SigningKeys");
    private readonly SemaphoreSlim once = new(1, 1);
    private volatile SigningKey? current;

    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring does not belong to the database.</exception>
    public async Task<SigningKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (current is { } known)
        {
            return known;
        }

        await once.WaitAsync(cancellationToken);
        try
        {
            return current ??= await LoadAsync(cancellationToken) ?? await MakeAsync(cancellationToken);
        }
        finally
        {
            once.Release();
        }
    }

    public void Dispose() => once.Dispose();

    private async Task<SigningKey?> LoadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var record = await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().SigningKeys.AsNoTracking()
            .OrderByDescending(k => k.Number).FirstOrDefaultAsync(cancellationToken);
        return record is null ? null : SigningKey.FromPkcs8(protector.Unprotect(record.ProtectedKey));
    }

    private async Task<SigningKey> MakeAsync(CancellationToken cancellationToken)
    {
        var key = SigningKey.New();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        database.SigningKeys.Add(new SigningKeyRecord
        {
            Number = 1,
            KeyId = key.KeyId,
            PublicKeyPem = key.PublicKeyPem,
            ProtectedKey = protector.Protect(key.ToPkcs8()),
            CreatedAt = clock.GetUtcNow(),
        });
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return key;
        }
        catch (DbUpdateException conflict)
        {
            // Another node was first: its key counts.
            return await LoadAsync(cancellationToken) ?? throw new InvalidOperationException("The signing key cannot be kept.", conflict);
        }
    }
}
