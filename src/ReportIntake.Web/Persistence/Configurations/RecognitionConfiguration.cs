using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class HashListConfiguration : IEntityTypeConfiguration<HashList>
{
    public void Configure(EntityTypeBuilder<HashList> builder)
    {
        builder.ToTable("HashLists");
        builder.Property(l => l.Id).ValueGeneratedNever();
        builder.Property(l => l.Name).HasMaxLength(HashList.NameMaxLength);
        builder.Property(l => l.Source).HasMaxLength(HashList.SourceMaxLength);
        builder.Property(l => l.Meaning).HasConversion<EnumNameConverter<HashListMeaning>>().HasMaxLength(40);
        builder.HasIndex(l => l.Name).IsUnique();
    }
}

public sealed class HashListEntryConfiguration : IEntityTypeConfiguration<HashListEntry>
{
    public void Configure(EntityTypeBuilder<HashListEntry> builder)
    {
        builder.ToTable("HashListEntries");
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Kind).HasConversion<EnumNameConverter<HashKind>>().HasMaxLength(10);
        builder.Property(e => e.Value).HasMaxLength(32);
        builder.HasOne<HashList>().WithMany().HasForeignKey(e => e.HashListId);
        builder.HasIndex(e => new { e.Value, e.Kind, e.HashListId }).IsUnique();
        builder.HasIndex(e => e.HashListId, "IX_HashListEntries_Unsearched").HasFilter("SearchedAt IS NULL");
    }
}

public sealed class MatchRecordConfiguration : IEntityTypeConfiguration<MatchRecord>
{
    public void Configure(EntityTypeBuilder<MatchRecord> builder)
    {
        builder.ToTable("HashListMatches");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Meaning).HasConversion<EnumNameConverter<HashListMeaning>>().HasMaxLength(40);
        builder.Property(m => m.Kind).HasConversion<EnumNameConverter<HashKind>>().HasMaxLength(10);
        builder.HasIndex(m => new { m.EvidenceId, m.EntryId }).IsUnique();
        builder.HasIndex(m => new { m.EntryId, m.At });
    }
}

public sealed class EvidenceFingerprintConfiguration : IEntityTypeConfiguration<EvidenceFingerprint>
{
    public void Configure(EntityTypeBuilder<EvidenceFingerprint> builder)
    {
        builder.ToTable("EvidenceFingerprints").HasKey(f => new { f.EvidenceId, f.Frame });
        builder.Property(f => f.Hash).Sealed(); // a rough picture can be drawn from a perceptual hash
        builder.HasIndex(f => f.At);
    }
}

public sealed class RelatedEvidenceConfiguration : IEntityTypeConfiguration<RelatedEvidence>
{
    public void Configure(EntityTypeBuilder<RelatedEvidence> builder)
    {
        builder.ToTable("RelatedEvidence").HasKey(r => new { r.EvidenceId, r.EarlierEvidenceId });
        builder.HasIndex(r => r.EarlierEvidenceId);
    }
}
