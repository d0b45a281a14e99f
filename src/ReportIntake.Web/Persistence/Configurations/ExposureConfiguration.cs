using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class ExposureDayConfiguration : IEntityTypeConfiguration<ExposureDay>
{
    public void Configure(EntityTypeBuilder<ExposureDay> builder)
    {
        builder.ToTable("ExposureDays").HasKey(d => new { d.StaffId, d.Day });
        builder.Property(d => d.Viewed).HasConversion<long>();
        builder.Property(d => d.SinceBreak).HasConversion<long>();
        builder.HasIndex(d => d.Day);
    }
}

public sealed class ViewingPreferencesConfiguration : IEntityTypeConfiguration<ViewingPreferences>
{
    public void Configure(EntityTypeBuilder<ViewingPreferences> builder)
    {
        builder.ToTable("ViewingPreferences").HasKey(p => p.StaffId);
        builder.Property(p => p.StaffId).ValueGeneratedNever();
        builder.Property(p => p.Size).HasConversion<EnumNameConverter<MediaSize>>().HasMaxLength(40);

        // What somebody cannot bear to see is theirs alone.
        builder.Property(p => p.AvoidedCodes).Sealed();
        builder.Ignore(p => p.AvoidedCategories);
    }
}
