using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class SealedIdentityConfiguration : IEntityTypeConfiguration<SealedIdentity>
{
    public void Configure(EntityTypeBuilder<SealedIdentity> builder)
    {
        builder.ToTable("SealedIdentities").HasKey(i => i.ReportId);
        builder.Property(i => i.ReportId).ValueGeneratedNever();
    }
}

public sealed class CounterConfiguration : IEntityTypeConfiguration<Counter>
{
    public void Configure(EntityTypeBuilder<Counter> builder)
    {
        builder.ToTable("Counters").HasKey(c => c.Name);
        builder.Property(c => c.Name).HasMaxLength(40);
    }
}

public sealed class IdempotentAnswerConfiguration : IEntityTypeConfiguration<IdempotentAnswer>
{
    public void Configure(EntityTypeBuilder<IdempotentAnswer> builder)
    {
        builder.ToTable("IdempotentAnswers").HasKey(a => a.Key);
        builder.Property(a => a.Key).HasMaxLength(32);
        builder.Property(a => a.RequestHash).HasMaxLength(32);
        builder.HasIndex(a => a.ExpiresAt);
    }
}

public sealed class PoliceClientConfiguration : IEntityTypeConfiguration<PoliceClient>
{
    public void Configure(EntityTypeBuilder<PoliceClient> builder)
    {
        builder.ToTable("PoliceClients");
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Name).HasMaxLength(200);
        builder.Property(c => c.KeyPrefix).HasMaxLength(12);
        builder.Property(c => c.KeyHash).HasMaxLength(32);
        builder.HasIndex(c => c.KeyHash).IsUnique();
    }
}
