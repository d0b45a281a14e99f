using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Web.Persistence.Configurations;

public sealed class ReportConfiguration : IEntityTypeConfiguration<Report>
{
    public void Configure(EntityTypeBuilder<Report> builder)
    {
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Reference).HasMaxLength(Reference.MaxLength);
        builder.Property(r => r.ReceiptKey).HasMaxLength(32);
        builder.Property(r => r.Version).IsConcurrencyToken();
        builder.Property(r => r.Category).HasMaxLength(40);
        builder.Property(r => r.Description).HasMaxLength(Report.DescriptionMaxLength);
        builder.Property(r => r.Language).HasMaxLength(2);
        builder.Property(r => r.Stage).HasMaxLength(40);
        builder.Property(r => r.TierReason).HasMaxLength(Report.ReasonMaxLength);
        builder.ComplexProperty(r => r.Incident, incident =>
        {
            incident.Property(i => i.AreaCode).HasMaxLength(10);
            incident.Property(i => i.Place).HasMaxLength(Incident.PlaceMaxLength);
        });
        builder.ComplexProperty(r => r.Victim);
        builder.Property(r => r.Assessment).HasConversion(a => AssessmentJson.Write(a), s => AssessmentJson.Read(s));
        builder.Ignore(r => r.Events);
        builder.Ignore(r => r.EffectiveTier);
        builder.Ignore(r => r.AwaitingSecondRetriage);
        builder.Ignore(r => r.AllowsWithdrawal);
        builder.Ignore(r => r.AllowsMessage);
        builder.Ignore(r => r.AllowsEvidence);

        builder.HasMany(r => r.Subjects).WithOne().HasForeignKey("ReportId").IsRequired();
        builder.HasMany(r => r.Indicators).WithOne().HasForeignKey("ReportId").IsRequired();
        builder.HasMany(r => r.Messages).WithOne().HasForeignKey("ReportId").IsRequired();
        builder.HasMany(r => r.Notes).WithOne().HasForeignKey("ReportId").IsRequired();
        builder.HasMany(r => r.Votes).WithOne().HasForeignKey("ReportId").IsRequired();
        builder.HasMany(r => r.FollowUps).WithOne().HasForeignKey("ReportId").IsRequired();

        builder.HasIndex(r => r.Reference).IsUnique();
        builder.HasIndex(r => r.ReceiptKey).IsUnique();

        // The queue: next, and its pages.
        builder.HasIndex(r => new { r.InQueue, r.QueueRank, r.SubmittedAt, r.Id });
        builder.HasIndex(r => new { r.State, r.QueueRank, r.SubmittedAt, r.Id });

        // The police's list, by last change; their export, by a time that stays.
        builder.HasIndex(r => new { r.WithPolice, r.UpdatedAt, r.Id });
        builder.HasIndex(r => new { r.WithPolice, r.SubmittedAt, r.Id });

        // What the system does by itself.
        builder.HasIndex(r => r.ClaimedUntil);
        builder.HasIndex(r => new { r.State, r.DeadlineAt });
        builder.HasIndex(r => new { r.State, r.EndedAt });
        builder.HasIndex(r => r.LegalHoldUntil);
        builder.HasIndex(r => r.CanonicalReportId);
    }
}

public sealed class SubjectConfiguration : IEntityTypeConfiguration<Subject>
{
    public void Configure(EntityTypeBuilder<Subject> builder)
    {
        builder.ToTable("Subjects");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Platform).HasMaxLength(40);
        builder.Property(s => s.Handle).HasMaxLength(Subject.HandleMaxLength);
        builder.Property(s => s.Url).HasMaxLength(Subject.UrlMaxLength);
        builder.Property(s => s.Phone).HasMaxLength(Subject.PhoneMaxLength);
        builder.Property(s => s.Note).HasMaxLength(Subject.NoteMaxLength);
    }
}

public sealed class IndicatorConfiguration : IEntityTypeConfiguration<Indicator>
{
    /// <summary>SQL Server's index keys end at 1,700 bytes: longer addresses are found by their beginning.</summary>
    private const int IndexedLength = 800;

    public void Configure(EntityTypeBuilder<Indicator> builder)
    {
        builder.ToTable("Indicators");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Value).HasMaxLength(Subject.UrlMaxLength);
        builder.Property(i => i.Normalised).HasMaxLength(IndexedLength)
            .HasConversion(v => v.Length > IndexedLength ? v.Substring(0, IndexedLength) : v, v => v);
        builder.HasIndex(i => new { i.Normalised, i.Kind });
    }
}

public sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> builder)
    {
        builder.ToTable("Messages");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Text).HasMaxLength(Message.TextMaxLength);
    }
}

public sealed class NoteConfiguration : IEntityTypeConfiguration<Note>
{
    public void Configure(EntityTypeBuilder<Note> builder)
    {
        builder.ToTable("Notes");
        builder.Property(n => n.Id).ValueGeneratedNever();
        builder.Property(n => n.Text).HasMaxLength(Note.TextMaxLength);
    }
}

public sealed class VoteConfiguration : IEntityTypeConfiguration<Vote>
{
    public void Configure(EntityTypeBuilder<Vote> builder)
    {
        builder.ToTable("Votes");
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Note).HasMaxLength(Note.TextMaxLength);
    }
}

public sealed class FollowUpConfiguration : IEntityTypeConfiguration<FollowUp>
{
    public void Configure(EntityTypeBuilder<FollowUp> builder)
    {
        builder.ToTable("FollowUps");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Text).HasMaxLength(FollowUp.TextMaxLength);
        builder.Property(f => f.Hazards).HasMaxLength(FollowUp.TextMaxLength);
        builder.Property(f => f.Impact).HasMaxLength(FollowUp.TextMaxLength);
        builder.Property(f => f.FurtherAction).HasMaxLength(FollowUp.TextMaxLength);
        builder.Property(f => f.DeskReason).HasMaxLength(FollowUp.TextMaxLength);

        // The moderators' desk: what waits, the oldest first.
        builder.HasIndex(f => new { f.Desk, f.At });
    }
}
