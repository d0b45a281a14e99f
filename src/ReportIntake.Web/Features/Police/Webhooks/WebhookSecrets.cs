using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>Makes, seals and opens the secrets that sign: <c>whsec_</c> and the base64 of 32 random bytes (Standard Webhooks asks for 24 to 64).</summary>
public sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Start = "whsec_";
    private const int Size = 32;

    /// <summary>A new secret, and its text for the one time that it is shown.</summary>
    public (WebhookSecret Secret, string Text) Create(Guid webhookId, DateTimeOffset now)
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        var secret = new WebhookSecret
        {
            Id = Guid.CreateVersion7(now),
            WebhookId = webhookId,
            Sealed = Protector(webhookId).Protect(bytes),
            CreatedAt = now,
        };
        return (secret, Start + Convert.ToBase64String(bytes));
    }

    /// <summary>The bytes of those that are valid, the newest first.</summary>
    public async Task<List<byte[]>> OpenAsync(ReportIntakeDbContext database, Guid webhookId, DateTimeOffset now, CancellationToken ct)
    {
        var valid = await Valid(database, webhookId, now).OrderByDescending(s => s.CreatedAt).Select(s => s.Sealed).ToListAsync(ct);
        return [.. valid.Select(Protector(webhookId).Unprotect)];
    }

    public static IQueryable<WebhookSecret> Valid(ReportIntakeDbContext database, Guid webhookId, DateTimeOffset now) =>
        database.WebhookSecrets.Where(s => s.WebhookId == webhookId && (s.ExpiresAt == null || s.ExpiresAt > now));

    /// <summary>Bound to its webhook: moved to another row it does not open.</summary>
    private IDataProtector Protector(Guid webhookId) => protection.CreateProtector("webhook_secret", webhookId.ToString());
}
