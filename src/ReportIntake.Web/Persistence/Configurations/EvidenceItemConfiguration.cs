using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class EvidenceItemConfiguration : IEntityTypeConfiguration<EvidenceItem>
{
    public void Configure(EntityTypeBuilder<EvidenceItem> builder)
    {
        builder.ToTable("Evidence");
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.UploadKey).HasMaxLength(32);
        builder.Property(e => e.Name).Sealed();
        builder.Property(e => e.SentMetadata).Sealed();
        builder.Property(e => e.Concatenation).Sealed(); // it names uploads, whose ids are capabilities
        builder.Property(e => e.MediaType).Sealed(); // the sender's own words until screening has looked
        builder.Property(e => e.WorkingCopyType).HasMaxLength(100);
        builder.Property(e => e.QuarantineReason).HasMaxLength(40);
        builder.Property(e => e.Sha256).HasMaxLength(32);
        builder.Property(e => e.Md5).HasMaxLength(16);
        builder.Property(e => e.Version).IsConcurrencyToken();
        builder.HasIndex(e => e.UploadKey).IsUnique();
        builder.HasIndex(e => new { e.ReportId, e.Id }).HasFilter("ReportId IS NOT NULL");
        builder.HasIndex(e => e.OriginReportId).OfThoseThatHaveIt();
        builder.HasIndex(e => e.Sha256).OfThoseThatHaveIt();
        builder.HasIndex(e => e.Md5).OfThoseThatHaveIt();

        // Uploads that nobody has put into a report: a day's at most.
        builder.HasIndex(e => e.ExpiresAt).HasFilter("ReportId IS NULL");
    }
}
