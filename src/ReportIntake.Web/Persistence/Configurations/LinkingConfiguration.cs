using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Web.Linking;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class ReportTextConfiguration : IEntityTypeConfiguration<ReportText>
{
    public void Configure(EntityTypeBuilder<ReportText> builder)
    {
        builder.ToTable("ReportTexts");
        builder.Property(t => t.Id).ValueGeneratedOnAdd();
        builder.HasIndex(t => t.ReportId).IsUnique();
    }
}

public sealed class TextTermConfiguration : IEntityTypeConfiguration<TextTerm>
{
    public void Configure(EntityTypeBuilder<TextTerm> builder)
    {
        // The key is the index: no other tree beside it, because there are a score of these for each report.
        builder.ToTable("TextTerms").HasKey(t => new { t.Term, t.TextId });
        builder.Property(t => t.Term).ValueGeneratedNever();
        builder.Property(t => t.TextId).ValueGeneratedNever();
    }
}

public sealed class RelatedTextConfiguration : IEntityTypeConfiguration<RelatedText>
{
    public void Configure(EntityTypeBuilder<RelatedText> builder)
    {
        builder.ToTable("RelatedTexts").HasKey(r => new { r.ReportId, r.EarlierReportId });
        builder.HasIndex(r => r.EarlierReportId);
    }
}
