using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class PublicationStateConfiguration : IEntityTypeConfiguration<PublicationState>
{
    public void Configure(EntityTypeBuilder<PublicationState> builder)
    {
        builder.ToTable("PublicationState");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.PoliceEvents).IsConcurrencyToken();
        builder.Property(s => s.LedgerFrontier).IsConcurrencyToken();
        builder.HasData(new PublicationState { Id = PublicationState.OnlyId, LedgerFrontier = new MerkleFrontier().ToBytes() });
    }
}

public sealed class RecurringRunConfiguration : IEntityTypeConfiguration<RecurringRun>
{
    public void Configure(EntityTypeBuilder<RecurringRun> builder)
    {
        builder.ToTable("RecurringRuns").HasKey(r => r.Job);
        builder.Property(r => r.Job).HasMaxLength(100);
    }
}

public sealed class TreeHeadConfiguration : IEntityTypeConfiguration<TreeHead>
{
    public void Configure(EntityTypeBuilder<TreeHead> builder)
    {
        builder.ToTable("TreeHeads").HasKey(h => h.Size);
        builder.Property(h => h.Size).ValueGeneratedNever();
        builder.Property(h => h.Root).HasMaxLength(MerkleTree.HashSize);
        builder.Property(h => h.KeyId).HasMaxLength(64);
        builder.Property(h => h.Signature).HasMaxLength(80);
    }
}

public sealed class SigningKeyRecordConfiguration : IEntityTypeConfiguration<SigningKeyRecord>
{
    public void Configure(EntityTypeBuilder<SigningKeyRecord> builder)
    {
        builder.ToTable("SigningKeys").HasKey(k => k.Number);
        builder.Property(k => k.Number).ValueGeneratedNever();
        builder.Property(k => k.KeyId).HasMaxLength(64);
        builder.Property(k => k.PublicKeyPem).HasMaxLength(500);
        builder.HasIndex(k => k.KeyId).IsUnique();
    }
}
