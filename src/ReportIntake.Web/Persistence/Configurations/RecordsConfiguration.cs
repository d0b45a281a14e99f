using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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
