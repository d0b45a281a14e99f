using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class ReferralConfiguration : IEntityTypeConfiguration<Referral>
{
    public void Configure(EntityTypeBuilder<Referral> builder)
    {
        builder.ToTable("Referrals");
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Destination).HasMaxLength(40);
        builder.Property(r => r.Rule).HasMaxLength(60);
        builder.Property(r => r.Note).Sealed();
        builder.Property(r => r.Answer).Sealed();
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.Ignore(r => r.IsOpen);
        builder.Ignore(r => r.Next);
        builder.HasOne<Report>().WithMany().HasForeignKey(r => r.ReportId);
        builder.HasIndex(r => new { r.State, r.CreatedAt, r.Id });
    }
}

public sealed class RetentionPeriodConfiguration : IEntityTypeConfiguration<RetentionPeriod>
{
    public void Configure(EntityTypeBuilder<RetentionPeriod> builder) => builder.ToTable("RetentionPeriods").HasKey(p => p.State);
}
