using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.ValueGeneration;
using ReportIntake.Domain.Linking;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence.Sealing;

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
        builder.Property(r => r.Description).Sealed();
        builder.Property(r => r.Language).HasMaxLength(2);
        builder.Property(r => r.Stage).HasMaxLength(40);
        builder.Property(r => r.TierReason).Sealed();
        builder.Property(r => r.Province).HasMaxLength(2);
        builder.ComplexProperty(r => r.Incident, incident =>
        {
            incident.Property(i => i.AreaCode).HasMaxLength(10);
            incident.Property(i => i.Place).Sealed();
        });
        builder.ComplexProperty(r => r.Victim);
        builder.Property(r => r.Assessment).HasConversion(a => AssessmentJson.Write(a), s => AssessmentJson.Read(s)).Sealed(); // it names terms of the text
        builder.Property(r => r.Held).HasConversion(h => HeldDecision.Write(h!), s => HeldDecision.Read(s)).Sealed();
        builder.Property(r => r.UndoUntil).IsConcurrencyToken(); // release changes no version; of two, one releases
        builder.Ignore(r => r.DecidedTier);
        builder.Ignore(r => r.DecidedTierReason);
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

        // The queue: next, and its pages; of one category, of one province.
        builder.HasIndex(r => new { r.InQueue, r.QueueRank, r.DueAt, r.Id });
        builder.HasIndex(r => new { r.State, r.QueueRank, r.DueAt, r.Id });
        builder.HasIndex(r => new { r.Category, r.State, r.QueueRank, r.DueAt, r.Id });
        builder.HasIndex(r => new { r.Province, r.State, r.QueueRank, r.DueAt, r.Id });

        // The police's list, by last change; their export, by a time that stays.
        builder.HasIndex(r => new { r.WithPolice, r.UpdatedAt, r.Id });
        builder.HasIndex(r => new { r.WithPolice, r.SubmittedAt, r.Id });

        // What the system does by itself.
        builder.HasIndex(r => r.ClaimedUntil).OfThoseThatHaveIt();
        builder.HasIndex(r => r.EscalatesAt).OfThoseThatHaveIt();
        builder.HasIndex(r => r.UndoUntil).OfThoseThatHaveIt();
        builder.HasIndex(r => new { r.State, r.DeadlineAt }).OfThoseThatHaveIt();
        builder.HasIndex(r => new { r.State, r.EndedAt }).OfThoseThatHaveIt();
        builder.HasIndex(r => r.LegalHoldUntil).OfThoseThatHaveIt();
        builder.HasIndex(r => r.CanonicalReportId).OfThoseThatHaveIt();
    }
}

public sealed class SubjectConfiguration : IEntityTypeConfiguration<Subject>
{
    public void Configure(EntityTypeBuilder<Subject> builder)
    {
        builder.ToTable("Subjects");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Platform).HasMaxLength(40);
        builder.Property(s => s.Handle).Sealed();
        builder.Property(s => s.Url).Sealed();
        builder.Property(s => s.Phone).Sealed();
        builder.Property(s => s.Note).Sealed();
    }
}

public sealed class IndicatorConfiguration : IEntityTypeConfiguration<Indicator>
{
    /// <summary>Column that an indicator is found by; see <see cref="SealedColumns.HasLookup{T}"/>.</summary>
    public const string NormalisedLookup = "NormalisedLookup";

    /// <summary>
    /// Column that an indicator is found by its first characters with, as <see cref="ReportIntakeDbContext.LookupNumber(string, string)"/>
    /// of them; 0 where it has fewer. It tells which indicators begin alike and how many do, not how they begin.
    /// </summary>
    /// <param name="length">One of <see cref="IndicatorPrefix.Lengths"/>.</param>
    public static string PrefixLookup(int length) => $"Prefix{length}";

    public void Configure(EntityTypeBuilder<Indicator> builder)
    {
        builder.ToTable("Indicators");
        builder.Property(i => i.Id).ValueGeneratedNever();
        builder.Property(i => i.Value).Sealed();
        builder.Property(i => i.Normalised).Sealed();
        builder.HasLookup(NormalisedLookup, nameof(Indicator.Normalised));

        // Found by it, newest first, without a look at the row.
        builder.HasIndex(NormalisedLookup, nameof(Indicator.SeenAt), "ReportId");
        foreach (var length in IndicatorPrefix.Lengths)
        {
            // Columns of the row, not rows of a table: a fifth of the size, and gone with the row.
            builder.Property<long?>(PrefixLookup(length)).HasValueGenerator((_, _) => new BeginningGenerator(length));
            builder.HasIndex(PrefixLookup(length), nameof(Indicator.SeenAt));
        }
    }

    private sealed class BeginningGenerator(int length) : ValueGenerator<long?>
    {
        public override bool GeneratesTemporaryValues => false;

        public override long? Next(EntityEntry entry)
        {
            var indicator = (Indicator)entry.Entity;
            return IndicatorPrefix.Of(indicator.Kind, indicator.Normalised, length) is { } beginning
                ? ((ReportIntakeDbContext)entry.Context).LookupNumber(PrefixLookup(length), beginning)
                : 0;
        }
    }
}

public sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> builder)
    {
        builder.ToTable("Messages");
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.Text).Sealed();
    }
}

public sealed class NoteConfiguration : IEntityTypeConfiguration<Note>
{
    public void Configure(EntityTypeBuilder<Note> builder)
    {
        builder.ToTable("Notes");
        builder.Property(n => n.Id).ValueGeneratedNever();
        builder.Property(n => n.Text).Sealed();
    }
}

public sealed class VoteConfiguration : IEntityTypeConfiguration<Vote>
{
    public void Configure(EntityTypeBuilder<Vote> builder)
    {
        builder.ToTable("Votes");
        builder.Property(v => v.Id).ValueGeneratedNever();
        builder.Property(v => v.Note).Sealed();
        builder.HasIndex(v => v.Pending);
    }
}

public sealed class FollowUpConfiguration : IEntityTypeConfiguration<FollowUp>
{
    public void Configure(EntityTypeBuilder<FollowUp> builder)
    {
        builder.ToTable("FollowUps");
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.Text).Sealed();
        builder.Property(f => f.Hazards).Sealed();
        builder.Property(f => f.Impact).Sealed();
        builder.Property(f => f.FurtherAction).Sealed();
        builder.Property(f => f.DeskReason).Sealed();

        // The moderators' desk: what waits, the oldest first.
        builder.HasIndex(f => new { f.Desk, f.At });
    }
}
