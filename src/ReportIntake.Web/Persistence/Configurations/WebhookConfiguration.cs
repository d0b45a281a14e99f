using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("Webhooks");
        builder.Property(w => w.Id).ValueGeneratedNever();
        builder.Property(w => w.Url).Sealed(); // some receivers put their secret there
        builder.Property(w => w.State).HasConversion<EnumNameConverter<WebhookState>>().HasMaxLength(40);
        builder.Property(w => w.DisabledReason).HasConversion<EnumNameConverter<WebhookDisabledReason>>().HasMaxLength(40);
        builder.Ignore(w => w.IsProbing);
        builder.Ignore(w => w.MaySend);
        builder.HasOne<PoliceClient>().WithMany().HasForeignKey(w => w.ClientId);
    }
}

public sealed class WebhookSecretConfiguration : IEntityTypeConfiguration<WebhookSecret>
{
    public void Configure(EntityTypeBuilder<WebhookSecret> builder)
    {
        builder.ToTable("WebhookSecrets");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.HasOne<Webhook>().WithMany().HasForeignKey(s => s.WebhookId);
    }
}

public sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("WebhookDeliveries");
        builder.Property(d => d.Id).ValueGeneratedNever();
        builder.Property(d => d.State).HasConversion<EnumNameConverter<WebhookDeliveryState>>().HasMaxLength(40);
        builder.Property(d => d.Attempts).HasConversion(
            a => JsonSerializer.Serialize(a, JsonSerializerOptions.Default),
            s => JsonSerializer.Deserialize<IReadOnlyList<WebhookAttempt>>(s, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyList<WebhookAttempt>>((a, b) => ReferenceEquals(a, b), a => a.Count, a => a)); // replaced, never changed
        builder.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId);
        builder.HasIndex(d => new { d.WebhookId, d.EventId }).IsUnique();

        // What is due: a handful, however long the log.
        builder.HasIndex(d => new { d.State, d.NextAttemptAt });
        builder.HasIndex(d => new { d.WebhookId, d.State, d.Position });

        // The log, newest first, and what of it is old.
        builder.HasIndex(d => new { d.WebhookId, d.CreatedAt, d.Id });
        builder.HasIndex(d => d.CreatedAt);
    }
}
