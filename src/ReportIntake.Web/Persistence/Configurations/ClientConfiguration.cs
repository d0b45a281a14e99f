using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class PoliceClientConfiguration : IEntityTypeConfiguration<PoliceClient>
{
    public void Configure(EntityTypeBuilder<PoliceClient> builder)
    {
        builder.ToTable("PoliceClients");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Name).HasMaxLength(200);
        builder.Property(c => c.Issuer).HasMaxLength(400);
        builder.Property(c => c.ExternalId).HasMaxLength(200);
        builder.Property(c => c.Version).IsConcurrencyToken();

        // Of the live ones: a revoked client gives its name and its identity at the issuer back.
        builder.HasIndex(c => c.Name).IsUnique().HasFilter("RevokedAt IS NULL");
        builder.HasIndex(c => new { c.Issuer, c.ExternalId }).IsUnique().HasFilter("RevokedAt IS NULL AND ExternalId IS NOT NULL");
    }
}

public sealed class ClientKeyConfiguration : IEntityTypeConfiguration<ClientKey>
{
    public void Configure(EntityTypeBuilder<ClientKey> builder)
    {
        builder.ToTable("ClientKeys");
        builder.Property(k => k.Id).ValueGeneratedNever();
        builder.Property(k => k.Prefix).HasMaxLength(12);
        builder.Property(k => k.Hash).HasMaxLength(32);
        builder.HasIndex(k => k.Hash).IsUnique();
        builder.HasOne(k => k.Client).WithMany(c => c.Keys).HasForeignKey(k => k.ClientId);
    }
}
