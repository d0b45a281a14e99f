using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Persistence.Sealing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence;

/// <summary>
/// The one model of both databases. What a provider needs differently stands in its subclass and nowhere else.
/// What people wrote is sealed (<see cref="SealedColumns"/>). Saving turns what happened to the reports into ledger entries and feed events of the same transaction.
/// </summary>
/// <param name="sealer">Null where only the schema matters: tools then need no key.</param>
public abstract class ReportIntakeDbContext(DbContextOptions options, ColumnSealer? sealer = null)
    : IdentityDbContext<StaffMember, IdentityRole<Guid>, Guid>(options)
{
    /// <summary>The name of the filter on reports, for a query that is to see past it.</summary>
    public const string ChildSafetyFilter = "child_safety";

    /// <summary>
    /// Whoever reads here is not to find reports of child-safety categories: as if they were not there, whichever query
    /// looks for them. Set for a request by its policy (<see cref="Policies"/>); jobs and the police see all.
    /// </summary>
    public bool HidesChildSafety { get; set; }

    internal ColumnSealer Sealer { get; } = sealer ?? new ColumnSealer();

    public DbSet<Report> Reports => Set<Report>();

    public DbSet<EvidenceItem> Evidence => Set<EvidenceItem>();

    public DbSet<SealedIdentity> SealedIdentities => Set<SealedIdentity>();

    public DbSet<LedgerEntry> Ledger => Set<LedgerEntry>();

    public DbSet<PoliceEvent> PoliceEvents => Set<PoliceEvent>();

    public DbSet<OutboxJob> Jobs => Set<OutboxJob>();

    public DbSet<RecurringRun> RecurringRuns => Set<RecurringRun>();

    public DbSet<PublicationState> PublicationState => Set<PublicationState>();

    public DbSet<TreeHead> TreeHeads => Set<TreeHead>();

    public DbSet<SigningKeyRecord> SigningKeys => Set<SigningKeyRecord>();

    public DbSet<Counter> Counters => Set<Counter>();

    public DbSet<IdempotentAnswer> IdempotentAnswers => Set<IdempotentAnswer>();

    public DbSet<Referral> Referrals => Set<Referral>();

    public DbSet<RetentionPeriod> RetentionPeriods => Set<RetentionPeriod>();

    public DbSet<PoliceClient> PoliceClients => Set<PoliceClient>();

    public DbSet<ClientKey> ClientKeys => Set<ClientKey>();

    public DbSet<StaffSession> StaffSessions => Set<StaffSession>();

    public DbSet<Secret> Secrets => Set<Secret>();

    public DbSet<Webhook> Webhooks => Set<Webhook>();

    public DbSet<WebhookSecret> WebhookSecrets => Set<WebhookSecret>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    /// <summary>What a text is found by in the lookup column of that name; see <see cref="SealedColumns.HasLookup{T}"/>.</summary>
    public byte[] LookupKey(string column, string text)
    {
        BringSecret();
        return Sealer.LookupKey(column, text);
    }

    /// <summary>The first 64 bits of a keyed hash, where so many are kept that their size counts. What is found by it must be compared whole.</summary>
    public long LookupNumber(string column, string text) => LookupNumber(column, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="LookupNumber(string, string)"/>
    public long LookupNumber(string column, ReadOnlySpan<byte> content)
    {
        BringSecret();
        return BinaryPrimitives.ReadInt64BigEndian(Sealer.KeyedHash(column, content));
    }

    /// <summary>
    /// From now on no commit of this context is seen by anybody before it survives a power cut. Where a provider lets others see it some
    /// milliseconds earlier, that is for what nobody outside builds on; not for positions in the feed and in the log.
    /// </summary>
    public virtual Task FlushBeforeOthersSeeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Save asynchronously: a blocked thread is a blocked citizen.");

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        WriteOutEvents();
        BringSecret();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>A row may be added before anything was read: the secret comes with the first connection, and values are sealed before one is opened.</summary>
    private void BringSecret()
    {
        if (!Sealer.HasSecret)
        {
            Database.OpenConnection();
            Database.CloseConnection();
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(ReportIntakeDbContext).Assembly);
        foreach (var foreignKey in builder.Model.GetEntityTypes().Where(t => !t.IsOwned()).SelectMany(t => t.GetForeignKeys()))
        {
            // SQL Server refuses several cascade paths to one table; children of an aggregate are cut by their configuration.
            if (foreignKey.PrincipalEntityType.ClrType != typeof(Report))
            {
                foreignKey.DeleteBehavior = DeleteBehavior.Restrict;
            }
        }

        builder.Entity<Report>().HasQueryFilter(ChildSafetyFilter, r => !HidesChildSafety || !r.ChildSafety);
        builder.SealMarked(Sealer);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<ReportState>().HaveConversion<EnumNameConverter<ReportState>>().HaveMaxLength(40);
        configurationBuilder.Properties<Tier>().HaveConversion<EnumNameConverter<Tier>>().HaveMaxLength(40);
        configurationBuilder.Properties<Disposition>().HaveConversion<EnumNameConverter<Disposition>>().HaveMaxLength(40);
        configurationBuilder.Properties<OutcomeCode>().HaveConversion<EnumNameConverter<OutcomeCode>>().HaveMaxLength(40);
        configurationBuilder.Properties<AgeBand>().HaveConversion<EnumNameConverter<AgeBand>>().HaveMaxLength(40);
        configurationBuilder.Properties<Danger>().HaveConversion<EnumNameConverter<Danger>>().HaveMaxLength(40);
        configurationBuilder.Properties<IndicatorKind>().HaveConversion<EnumNameConverter<IndicatorKind>>().HaveMaxLength(40);
        configurationBuilder.Properties<MessageFrom>().HaveConversion<EnumNameConverter<MessageFrom>>().HaveMaxLength(40);
        configurationBuilder.Properties<FollowUpKind>().HaveConversion<EnumNameConverter<FollowUpKind>>().HaveMaxLength(40);
        configurationBuilder.Properties<FollowUpAudience>().HaveConversion<EnumNameConverter<FollowUpAudience>>().HaveMaxLength(40);
        configurationBuilder.Properties<DeskState>().HaveConversion<EnumNameConverter<DeskState>>().HaveMaxLength(40);
        configurationBuilder.Properties<ReferralState>().HaveConversion<EnumNameConverter<ReferralState>>().HaveMaxLength(40);
        configurationBuilder.Properties<ActorKind>().HaveConversion<EnumNameConverter<ActorKind>>().HaveMaxLength(40);
        configurationBuilder.Properties<EvidenceState>().HaveConversion<EnumNameConverter<EvidenceState>>().HaveMaxLength(40);
        configurationBuilder.Properties<PoliceEventType>().HaveConversion<EnumNameConverter<PoliceEventType>>().HaveMaxLength(40);
    }

    private void WriteOutEvents()
    {
        // Which reports are known is asked here, not what changed in them: saving compares every value anyway.
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        var reports = ChangeTracker.Entries<Report>().Select(e => e.Entity).ToList();
        ChangeTracker.AutoDetectChangesEnabled = detects;
        foreach (var report in reports)
        {
            foreach (var happened in report.Events)
            {
                if (happened.Told is not Telling.TheOutsideOnly)
                {
                    Ledger.Add(LedgerEntry.Write(happened.Actor, happened.Action.Name(), happened.ReportId, null, Details(happened), happened.At));
                }

                if (happened.Told is Telling.TheLedgerOnly)
                {
                    continue;
                }

                if (happened.PoliceEvent is { } type)
                {
                    PoliceEvents.Add(PoliceEvent.Of(type, report, happened));
                }

                if (happened.Action is ReportAction.Submitted or ReportAction.InformationSupplied or ReportAction.MessageAdded)
                {
                    Jobs.Add(OutboxJob.For<LinkReport, Guid>(report.Id, happened.At));
                }

                if (happened.Action is ReportAction.Verified or ReportAction.Rejected or ReportAction.OutcomeRecorded)
                {
                    Jobs.Add(OutboxJob.For<SuggestReferrals, Guid>(report.Id, happened.At));
                }
            }

            report.ClearEvents();
        }
    }

    private static Dictionary<string, string> Details(ReportEvent happened) =>
        new(happened.Details) { ["from"] = happened.From.Name(), ["to"] = happened.To.Name() };
}
