using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Jobs;

namespace ReportIntake.Web.Tests.Administration.Retention;

public sealed class RetentionTests
{
    private const string Marker = "Kuningan-7731";
    private static readonly Actor Moderator = Actor.Moderator(Guid.NewGuid());
    private static readonly Actor Police = Actor.Police(Guid.NewGuid());

    [Fact]
    public async Task Purge_PastItsTime_LeavesATombstoneAndNothingElse()
    {
        await using var host = new JobsHost { Quiet = true };
        var id = await host.AddReportAsync(r => Fill(r, host.Clock.GetUtcNow()));
        var file = await AttachAsync(host, id);
        await host.PublishAllAsync();

        host.Clock.Advance(TimeSpan.FromDays(1824));
        await host.RunAsync<PurgeReports>();
        var early = await StateAsync(host, id);
        host.Clock.Advance(TimeSpan.FromDays(2));
        await host.RunAsync<PurgeReports>();
        await host.RunAsync<PurgeReports>();

        Assert.Equal(ReportState.Closed, early);
        Assert.Equal(ReportState.Purged, await StateAsync(host, id));
        var left = await host.WithDatabaseAsync(async d => new
        {
            Report = await d.Reports.Include(r => r.Subjects).Include(r => r.Indicators).Include(r => r.Messages).Include(r => r.Notes).Include(r => r.Votes).Include(r => r.FollowUps).SingleAsync(r => r.Id == id),
            Rows = await d.Evidence.CountAsync() + await d.SealedIdentities.CountAsync() + await d.Referrals.CountAsync() + await d.Jobs.CountAsync()
                + await d.Set<EvidenceFingerprint>().CountAsync() + await d.Set<MatchRecord>().CountAsync() + await d.Set<RelatedEvidence>().CountAsync() + await d.IdempotentAnswers.CountAsync(),
            Event = await d.PoliceEvents.SingleAsync(e => e.ReportId == id && e.Type == PoliceEventType.Purged),
            Destroyed = await d.Ledger.CountAsync(e => e.Action == "evidence_destroyed" && e.EvidenceId == file),
        });
        Assert.Equal(0, left.Rows);
        Assert.Equal(0, left.Report.Subjects.Count + left.Report.Indicators.Count + left.Report.Messages.Count + left.Report.Notes.Count + left.Report.Votes.Count + left.Report.FollowUps.Count);
        Assert.Equal((null, null, null), (left.Report.Description, left.Report.TierReason, left.Report.Incident.Place));
        Assert.Equal((OutcomeCode.Arrest, "trafficking"), (left.Report.Outcome, left.Report.Category));
        Assert.Equal(ReportState.Purged, left.Event.State);
        Assert.Equal(1, left.Destroyed);
        Assert.Empty(await BlobsAsync(host));
    }

    [Fact]
    public async Task Purge_UnderLegalHold_WaitsUntilItIsOver()
    {
        await using var host = new JobsHost { Quiet = true };
        var now = host.Clock.GetUtcNow();
        var held = await host.AddReportAsync(r =>
        {
            Fill(r, now);
            Done(r.Preserve(Police, now.AddDays(3000), "For the trial.", now));
        });
        var file = await AttachAsync(host, held);
        var duplicate = await host.AddReportAsync(r =>
        {
            Done(r.Claim(Moderator, now));
            var canonical = host.WithDatabaseAsync(d => d.Reports.SingleAsync(c => c.Id == held)).GetAwaiter().GetResult();
            Done(r.MarkDuplicate(Moderator, canonical, now));
        });

        host.Clock.Advance(TimeSpan.FromDays(2000));
        await host.RunAsync<LapseLegalHolds>();
        await host.RunAsync<PurgeReports>();
        var kept = (await StateAsync(host, held), await StateAsync(host, duplicate), (await BlobsAsync(host)).Count);
        host.Clock.Advance(TimeSpan.FromDays(1001));
        await host.RunAsync<LapseLegalHolds>();
        await host.RunAsync<PurgeReports>();

        Assert.Equal((ReportState.Closed, ReportState.Duplicate, 1), kept);
        Assert.Equal((ReportState.Purged, ReportState.Purged), (await StateAsync(host, held), await StateAsync(host, duplicate)));
        Assert.DoesNotContain(await BlobsAsync(host), b => b.EvidenceId == file);
    }

    [Fact]
    public async Task Purge_ChangedBehindItsBackOrWithoutPeriod_IsLeftAlone()
    {
        await using var host = new JobsHost { Quiet = true };
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var now = host.Clock.GetUtcNow();
        var reopened = await host.AddReportAsync(r => Reject(r, now));
        var withdrawn = await host.AddReportAsync(r => Done(r.Withdraw(now)));
        using var kept = await admin.PutAsJsonAsync("/api/v1/admin/retention", new { periods = new[] { new { state = "withdrawn", days = (int?)null } } });
        await host.WithDatabaseAsync(async d =>
        {
            Done((await d.Reports.Include(r => r.Votes).SingleAsync(r => r.Id == reopened)).Reopen(Actor.Supervisor(Guid.NewGuid()), "New facts.", now));
            return await d.SaveChangesAsync();
        });

        host.Clock.Advance(TimeSpan.FromDays(4000));
        await host.RunAsync<PurgeReports>();

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal((ReportState.Received, ReportState.Withdrawn), (await StateAsync(host, reopened), await StateAsync(host, withdrawn)));
    }

    // GlobaLeaks #4210: a changed period did not count for what was there already.
    [Fact]
    public async Task SetRetention_ShorterPeriod_CountsForWhatIsThereAlready()
    {
        await using var host = new JobsHost { Quiet = true };
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        var now = host.Clock.GetUtcNow();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await host.AddReportAsync(r => Reject(r, now)));
        }

        await host.WithDatabaseAsync(d => d.Reports.ExecuteUpdateAsync(r => r.SetProperty(x => x.EndedAt, (DateTimeOffset?)now.AddDays(-40))));
        var before = Period(await admin.GetFromJsonAsync<JsonElement>("/api/v1/admin/retention"), "rejected");
        using var asked = await admin.PutAsJsonAsync("/api/v1/admin/retention?dryRun=true", Rejected(30));
        await host.RunAsync<PurgeReports>();
        var stateAfterAsking = await StateAsync(host, ids[0]);
        using var set = await admin.PutAsJsonAsync("/api/v1/admin/retention", Rejected(30));
        await host.RunAsync<PurgeReports>();
        var after = Period(await admin.GetFromJsonAsync<JsonElement>("/api/v1/admin/retention"), "rejected");

        Assert.Equal((365, 0), before);
        Assert.Equal((30, 3), Period(await asked.Content.ReadFromJsonAsync<JsonElement>(), "rejected"));
        Assert.Equal(ReportState.Rejected, stateAfterAsking);
        Assert.Equal((30, 3), Period(await set.Content.ReadFromJsonAsync<JsonElement>(), "rejected"));
        Assert.Equal((30, 0), after);
        Assert.All(ids, id => Assert.Equal(ReportState.Purged, StateAsync(host, id).GetAwaiter().GetResult()));
        var entry = await host.WithDatabaseAsync(d => d.Ledger.SingleAsync(e => e.Action == "retention_changed"));
        Assert.Equal((ActorKind.Admin, """{"rejected":"30"}"""), (entry.ActorKind, entry.Details));
    }

    [Theory]
    [InlineData("""{}""", "required")]
    [InlineData("""{"periods":[{"state":"verified","days":30}]}""", "unknown_code")]
    [InlineData("""{"periods":[{"state":"closed","days":0}]}""", "retention_days_invalid")]
    [InlineData("""{"periods":[{"state":"closed","days":9},{"state":"closed","days":8}]}""", "state_repeated")]
    public async Task SetRetention_WrongPeriod_IsRefusedByField(string body, string code)
    {
        await using var host = new JobsHost { Quiet = true };
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.PutAsJsonAsync("/api/v1/admin/retention", JsonDocument.Parse(body).RootElement);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("codes").GetProperty("periods")[0].GetString());
    }

    [Fact]
    public async Task Catalogue_InForce_SaysItsVersionsAndThatItIsReadOnly()
    {
        await using var host = new JobsHost { Quiet = true };
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        var catalogue = await admin.GetFromJsonAsync<JsonElement>("/api/v1/admin/catalogue");

        Assert.False(catalogue.GetProperty("editable").GetBoolean());
        Assert.Equal(RuleSet.Embedded().Version, catalogue.GetProperty("triage").GetProperty("version").GetString());
        Assert.All(["categories", "platforms", "stages", "areas"], part => Assert.Equal(16, catalogue.GetProperty(part).GetProperty("version").GetString()!.Length));
        Assert.True(catalogue.GetProperty("areas").GetProperty("provinces").GetInt32() >= 38);
        Assert.Contains("sapa_129", catalogue.GetProperty("referrals").GetRawText(), StringComparison.Ordinal);
    }

    private static object Rejected(int days) => new { periods = new[] { new { state = "rejected", days } } };

    private static (int Days, int Due) Period(JsonElement plan, string state)
    {
        var item = plan.GetProperty("periods").EnumerateArray().Single(p => p.GetProperty("state").GetString() == state);
        return (item.GetProperty("days").GetInt32(), item.GetProperty("due").GetInt32());
    }

    /// <summary>Something in every part of a report, and its end.</summary>
    private static void Fill(Report report, DateTimeOffset now)
    {
        Done(report.AddMessage(Marker, now));
        Done(report.AddNote(Moderator, Marker, now));
        Done(report.Claim(Moderator, now));
        Done(report.Verify(Moderator, "trafficking", true, Tier.Immediate, Marker, now));
        Done(report.Retriage(Moderator, Tier.Urgent, Marker, now));
        Done(report.Acknowledge(Police, now));
        Done(report.RecordRiskAssessment(Police, Marker, Marker, Marker, now));
        Done(report.ProposeToReporter(Police, Marker, now));
        Done(report.DeclineToPassOn(Moderator, report.FollowUps[^1].Id, Marker, now));
        Done(report.RecordOutcome(Police, OutcomeCode.Arrest, Marker, now, now));
        Done(report.Close(Actor.Supervisor(Guid.NewGuid()), now));
    }

    private static void Reject(Report report, DateTimeOffset now)
    {
        Done(report.Claim(Moderator, now));
        Done(report.Reject(Moderator, Disposition.Unfounded, null, now));
    }

    /// <summary>A file with all that recognition keeps of it, a contact, a referral, a waiting job and a kept answer.</summary>
    private static async Task<Guid> AttachAsync(JobsHost host, Guid id)
    {
        var now = host.Clock.GetUtcNow();
        var item = EvidenceItem.Begin(RandomNumberGenerator.GetBytes(32), Marker + ".jpg", "image/jpeg", 4, now, TimeSpan.FromDays(1));
        Done(await host.Get<IEvidenceStore>().WriteAsync(BlobKey.Original(item.Id), new MemoryStream([1, 2, 3, 4]), CancellationToken.None));
        Done(item.Complete(4, SHA256.HashData([1, 2, 3, 4]), now));
        Done(item.AttachTo(id));
        await host.WithDatabaseAsync(async d =>
        {
            var report = await d.Reports.SingleAsync(r => r.Id == id);
            d.Add(item);
            d.Add(new EvidenceFingerprint { EvidenceId = item.Id, Frame = 0, Hash = new byte[32], Quality = 90, At = now });
            d.Add(new MatchRecord { Id = Guid.NewGuid(), EvidenceId = item.Id, EntryId = Guid.NewGuid(), HashListId = Guid.NewGuid(), Meaning = HashListMeaning.KnownBenign, Kind = HashKind.Md5, Distance = 0, Suppressed = false, At = now });
            d.Add(new RelatedEvidence { EvidenceId = Guid.NewGuid(), EarlierEvidenceId = item.Id, Distance = 0, At = now });
            d.Add(new SealedIdentity { ReportId = id, Ciphertext = [1] });
            d.Add(Referral.Create(report, "sapa_129", Marker, null, now).Value);
            d.Add(OutboxJob.For<RecognizeEvidence, Guid>(item.Id, now));
            d.Add(new IdempotentAnswer { Key = [9], RequestHash = [0], Answer = [0], ExpiresAt = now.AddHours(24) });
            return await d.SaveChangesAsync();
        });
        return item.Id;
    }

    private static async Task<List<BlobKey>> BlobsAsync(JobsHost host)
    {
        var keys = new List<BlobKey>();
        await foreach (var blob in host.Get<IEvidenceStore>().ListAsync(CancellationToken.None))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }

    private static Task<ReportState> StateAsync(JobsHost host, Guid id) =>
        host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == id).Select(r => r.State).SingleAsync());

    private static void Done(Domain.Results.Result result) => Assert.True(result.IsSuccess, result.Error?.Code);
}
