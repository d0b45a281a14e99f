using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class LedgerEntryConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> builder)
    {
        builder.ToTable("Ledger");
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Action).HasMaxLength(60);
        builder.Property(e => e.LeafHash).HasMaxLength(32);
        builder.Property(e => e.Purpose).Sealed();
        builder.Property(e => e.PurposeSalt).Sealed();
        builder.HasIndex(e => e.Position).IsUnique().OfThoseThatHaveIt();

        // What the sequencer has not seen yet: almost nothing, however long the table.
        builder.HasIndex(e => new { e.At, e.Id }).HasFilter("Position IS NULL");
        builder.HasIndex(e => new { e.ReportId, e.At, e.Id });

        // What happened to all reports in a period. The time first: entries come in its order, so the index only grows at its end.
        builder.HasIndex(e => new { e.At, e.Action, e.ReportId });

        // A hand-over package tells all that was ever done with its files, whatever report they counted for then.
        builder.HasIndex(e => e.EvidenceId).OfThoseThatHaveIt();
    }
}

public sealed class PoliceEventConfiguration : IEntityTypeConfiguration<PoliceEvent>
{
    public void Configure(EntityTypeBuilder<PoliceEvent> builder)
    {
        builder.ToTable("PoliceEvents");
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Reference).HasMaxLength(Reference.MaxLength);
        builder.Property(e => e.Category).HasMaxLength(40);
        builder.Property(e => e.AreaCode).HasMaxLength(10);
        builder.HasIndex(e => e.Position).IsUnique().OfThoseThatHaveIt();

        // What the sequencer has not seen yet: almost nothing, however long the table.
        builder.HasIndex(e => new { e.At, e.Id }).HasFilter("Position IS NULL");
        builder.HasIndex(e => new { e.ReportId, e.Id });
    }
}

public sealed class OutboxJobConfiguration : IEntityTypeConfiguration<OutboxJob>
{
    public void Configure(EntityTypeBuilder<OutboxJob> builder)
    {
        builder.ToTable("Jobs");
        builder.Property(j => j.Id).ValueGeneratedNever();
        builder.Property(j => j.Type).HasMaxLength(100);
        builder.Property(j => j.Argument).HasMaxLength(200);
        builder.Property(j => j.LastError).Sealed(); // what a failure says of its input is nobody's to foresee

        // The urgency stays a number, unlike other enums: it is ordered by.
        builder.HasIndex(j => new { j.Dead, j.Urgency, j.RunAt });
        builder.HasIndex(j => j.LeasedBy).OfThoseThatHaveIt();
        builder.HasIndex(j => j.Subject);
    }
}
