using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class DecisionTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    private static readonly object Verification = new { category = "sextortion", tier = "urgent", reason = "Age named." };

    [Fact]
    public async Task Verify_ClaimedReport_GoesToThePoliceInTheConfirmedTier()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        await moderator.DoAsync(report.Id, "claim");

        var done = await moderator.DoAsync(report.Id, "verify", Verification);

        var read = await moderator.ReadAsync(report.Id);
        Assert.Equal("verified", done.Text("state"));
        Assert.False(done.GetProperty("awaitingSecondReview").GetBoolean());
        Assert.Equal("sextortion", read.Text("category"));
        Assert.Equal("urgent", read.GetProperty("triage").Text("tier"));
        Assert.Equal("Age named.", read.GetProperty("triage").Text("reason"));
        Assert.Equal(done.GetProperty("version").GetInt32(), read.GetProperty("version").GetInt32());
        Assert.True(await host.WithDatabaseAsync(d => d.PoliceEvents.AnyAsync(e => e.ReportId == report.Id && e.Type == PoliceEventType.Verified)));
    }

    [Fact]
    public async Task Release_ClaimedReport_IsInTheQueueAgain()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        await moderator.DoAsync(report.Id, "claim");

        Assert.Equal("received", (await moderator.DoAsync(report.Id, "release")).Text("state"));
    }

    [Fact]
    public async Task Release_AnothersClaim_IsTheSupervisorsAlone()
    {
        using var holder = await host.StaffClientAsync(StaffRoles.Moderator);
        using var other = await host.StaffClientAsync(StaffRoles.Moderator);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var report = await host.AddAsync();
        await holder.DoAsync(report.Id, "claim");

        await other.RefusedAsync(HttpStatusCode.Conflict, "claimed_by_another", report.Id, "release");

        Assert.Equal("received", (await supervisor.DoAsync(report.Id, "release")).Text("state"));
    }

    [Fact]
    public async Task RequestInformation_ClaimedReport_WaitsForTheReporterTenWorkingDays()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        await moderator.DoAsync(report.Id, "claim");

        var done = await moderator.DoAsync(report.Id, "request-information", new { text = "Which app was it?" });

        var read = await moderator.ReadAsync(report.Id);
        Assert.Equal("needs_information", done.Text("state"));
        Assert.Equal("Which app was it?", read.GetProperty("messages")[0].Text("text"));
        Assert.Equal("moderator", read.GetProperty("messages")[0].Text("from"));
        var latest = WorkingCalendar.Embedded().AddWorkingDays(read.GetProperty("updatedAt").GetDateTimeOffset(), 10);
        Assert.InRange(read.GetProperty("deadlineAt").GetDateTimeOffset(), latest.AddSeconds(-1), latest);
    }

    [Fact]
    public async Task Reject_NeitherChildrenNorImmediate_TakesOnePerson()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(Tier.NonUrgent, childSafety: false, category: "online_fraud");
        await moderator.DoAsync(report.Id, "claim");

        var done = await moderator.DoAsync(report.Id, "reject", new { disposition = "spam_or_abuse", note = "Advertising." });

        Assert.Equal("rejected", done.Text("state"));
        Assert.Equal("spam_or_abuse", (await moderator.ReadAsync(report.Id)).Text("disposition"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MarkDuplicate_ByReferenceOrId_EvidenceFollowsAndComesBack(bool byId)
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var canonical = await host.AddAsync();
        var report = await host.AddAsync(then: r => r.AddEvidence(1, r.UpdatedAt));
        var file = await host.AddEvidenceAsync(report.Id, [1, 2, 3], [4]);
        await moderator.DoAsync(report.Id, "claim");

        var done = await moderator.DoAsync(report.Id, "mark-duplicate", new { of = byId ? canonical.Id.ToString() : canonical.Reference.ToLowerInvariant() });
        var moved = await moderator.ReadAsync(canonical.Id);
        await supervisor.DoAsync(report.Id, "reopen", new { reason = "Another account after all." });
        var back = await moderator.ReadAsync(report.Id);

        Assert.Equal("duplicate", done.Text("state"));
        Assert.Equal(file.Id, moved.GetProperty("evidence")[0].GetProperty("id").GetGuid());
        Assert.Equal(file.Id, back.GetProperty("evidence")[0].GetProperty("id").GetGuid());
        Assert.Equal(0, await host.WithDatabaseAsync(d => d.Reports.Where(r => r.Id == canonical.Id).Select(r => r.EvidenceCount).SingleAsync()));
    }

    [Fact]
    public async Task MarkDuplicate_WrongTarget_IsRefusedByName()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var withdrawn = await host.AddAsync(then: r => r.Withdraw(r.UpdatedAt));
        await moderator.DoAsync(report.Id, "claim");

        var unknown = await moderator.RefusedAsync(HttpStatusCode.BadRequest, "validation_failed", report.Id, "mark-duplicate", new { of = "RI-1999-000001" });
        var itself = await moderator.RefusedAsync(HttpStatusCode.BadRequest, "validation_failed", report.Id, "mark-duplicate", new { of = report.Reference });
        await moderator.RefusedAsync(HttpStatusCode.Conflict, "duplicate_of_inactive", report.Id, "mark-duplicate", new { of = withdrawn.Reference });

        Assert.Equal("report_not_found", unknown.GetProperty("codes").GetProperty("of")[0].GetString());
        Assert.Equal("duplicate_of_itself", itself.GetProperty("codes").GetProperty("of")[0].GetString());
    }

    [Fact]
    public async Task Retriage_LeavingImmediate_TakesTwoPeople()
    {
        using var first = await host.StaffClientAsync(StaffRoles.Moderator);
        using var second = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(Tier.Immediate);
        await first.DoAsync(report.Id, "claim");
        await first.DoAsync(report.Id, "verify", new { category = "sextortion", tier = "immediate" });

        var proposed = await first.DoAsync(report.Id, "retriage", new { tier = "urgent", reason = "Safe with a relative." });
        await first.RefusedAsync(HttpStatusCode.Forbidden, "second_vote_by_same_person", report.Id, "retriage", new { tier = "urgent", reason = "Again." });
        var settled = await second.DoAsync(report.Id, "retriage", new { tier = "urgent", reason = "Agreed." });

        Assert.True(proposed.GetProperty("awaitingSecondReview").GetBoolean());
        Assert.False(settled.GetProperty("awaitingSecondReview").GetBoolean());
        Assert.Equal("urgent", (await first.ReadAsync(report.Id)).GetProperty("triage").Text("tier"));
    }

    [Fact]
    public async Task ReopenAndClose_Moderator_IsNotAllowed()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();

        await moderator.RefusedAsync(HttpStatusCode.Forbidden, "not_allowed", report.Id, "reopen", new { reason = "No." });
        await moderator.RefusedAsync(HttpStatusCode.Forbidden, "not_allowed", report.Id, "close");
    }

    [Fact]
    public async Task Close_Resolved_IsClosedBySupervisor()
    {
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);
        var (moderator, police) = (Actor.Moderator(Guid.NewGuid()), Actor.Police(Guid.NewGuid()));
        var report = await host.AddAsync(then: r =>
        {
            r.Claim(moderator, r.UpdatedAt);
            r.Verify(moderator, "sextortion", true, Tier.Urgent, null, r.UpdatedAt);
            r.Acknowledge(police, r.UpdatedAt);
            r.RecordOutcome(police, OutcomeCode.Arrest, null, r.UpdatedAt.AddDays(14), r.UpdatedAt);
        });

        Assert.Equal("closed", (await supervisor.DoAsync(report.Id, "close")).Text("state"));
    }

    [Fact]
    public async Task Note_AnyTime_IsKeptForStaff()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();

        await moderator.DoAsync(report.Id, "notes", new { text = "The school was called." });

        Assert.Equal("The school was called.", (await moderator.ReadAsync(report.Id)).GetProperty("notes")[0].Text("text"));
    }

    [Theory]
    [InlineData("verify", """{"category":"sextortion"}""", "tier", "required")]
    [InlineData("verify", """{"category":"sextortion","tier":"high"}""", "tier", "unknown_code")]
    [InlineData("verify", """{"category":"gossip","tier":"urgent"}""", "category", "unknown_code")]
    [InlineData("reject", "{}", "disposition", "required")]
    [InlineData("reject", """{"disposition":"boring"}""", "disposition", "unknown_code")]
    [InlineData("mark-duplicate", """{"of":" "}""", "of", "required")]
    [InlineData("request-information", "{}", "text", "required")]
    [InlineData("retriage", """{"tier":"urgent"}""", "reason", "required")]
    [InlineData("notes", """{"text":"a","txet":"b"}""", "txet", "unknown_member")]
    public async Task Action_WrongBody_IsRefusedByField(string action, string body, string field, string code)
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();

        var problem = await moderator.RefusedAsync(HttpStatusCode.BadRequest, "validation_failed", report.Id, action, JsonDocument.Parse(body).RootElement);

        Assert.Equal(code, problem.GetProperty("codes").GetProperty(field)[0].GetString());
    }

    [Theory]
    [InlineData("verify", "reason", Report.ReasonMaxLength)]
    [InlineData("reject", "note", Note.TextMaxLength)]
    [InlineData("request-information", "text", Message.TextMaxLength)]
    [InlineData("notes", "text", Note.TextMaxLength)]
    public async Task Action_TextOverItsLimit_IsRefused(string action, string field, int limit)
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var body = new Dictionary<string, string> { ["category"] = "sextortion", ["tier"] = "urgent", ["disposition"] = "test" }
            .Where(p => action switch { "verify" => p.Key is not "disposition", "reject" => p.Key is "disposition", _ => false })
            .Append(new(field, new string('a', limit + 1))).ToDictionary();

        var problem = await moderator.RefusedAsync(HttpStatusCode.BadRequest, "validation_failed", report.Id, action, body);

        Assert.Equal("too_long", problem.GetProperty("codes").GetProperty(field)[0].GetString());
    }

    [Fact]
    public async Task Decision_StaleIfMatch_ChangesNothing()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync();
        var claimed = await moderator.DoAsync(report.Id, "claim");

        await moderator.RefusedAsync(HttpStatusCode.PreconditionFailed, "version_stale", report.Id, "verify", Verification, $"\"{report.Version}\"");

        using var current = await moderator.TryAsync(report.Id, "verify", Verification, $"\"{claimed.GetProperty("version").GetInt32()}\"");
        Assert.Equal(HttpStatusCode.OK, current.StatusCode);
        Assert.Equal($"\"{(await moderator.ReadAsync(report.Id)).GetProperty("version").GetInt32()}\"", current.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Decision_WithoutClaim_IsRefusedByName()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var account = await host.ModeratorAsync();
        using var late = await host.SignedInAsync(account);
        var (free, held) = (await host.AddAsync(), await host.AddAsync());
        await late.DoAsync(held.Id, "claim");
        var (released, longAgo) = (await host.AddAsync(), TimeProvider.System.GetUtcNow() - Report.ClaimLease - TimeSpan.FromMinutes(1));
        var expired = await host.AddAsync(at: longAgo, then: r => r.Claim(Actor.Moderator(account.Id), r.UpdatedAt));
        await moderator.DoAsync(released.Id, "claim");
        await moderator.DoAsync(released.Id, "verify", Verification);

        var refused = await moderator.RefusedAsync(HttpStatusCode.Conflict, "transition_refused", free.Id, "verify", Verification);
        await moderator.RefusedAsync(HttpStatusCode.Conflict, "claimed_by_another", held.Id, "verify", Verification);
        await late.RefusedAsync(HttpStatusCode.Conflict, "claim_expired", expired.Id, "verify", Verification);
        await moderator.RefusedAsync(HttpStatusCode.Conflict, "transition_refused", released.Id, "claim");

        Assert.Equal("received", refused.Text("state"));
    }

    [Fact]
    public async Task Action_UnknownReport_IsNotFound()
    {
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);

        await moderator.RefusedAsync(HttpStatusCode.NotFound, "report_not_found", Guid.NewGuid(), "claim");
    }

    [Theory]
    [InlineData(StaffRoles.Admin)]
    [InlineData(StaffRoles.EvidenceCustodian)]
    public async Task Content_OtherRoles_SeeNone(string role)
    {
        using var client = await host.StaffClientAsync(role);
        var report = await host.AddAsync();

        foreach (var address in new[] { "/api/v1/moderation/queue", $"/api/v1/moderation/reports/{report.Id}", "/staff/queue", $"/staff/reports/{report.Id}" })
        {
            using var answer = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }
}
