using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

public sealed class BlindReviewTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    private const string VoteNote = "Kelihatannya iseng saja 4711.";
    private const string OwnNote = "Akan saya tolak 4712.";

    /// <summary>Every place where staff read something of a report, by API and by page.</summary>
    private static IEnumerable<string> Places(Guid reportId, Guid evidenceId, Guid relatedId) =>
    [
        "/api/v1/moderation/queue",
        "/api/v1/moderation/queue?state=under_verification",
        $"/api/v1/moderation/reports/{reportId}",
        $"/api/v1/moderation/reports/{relatedId}",
        $"/api/v1/moderation/reports/{reportId}/evidence/{evidenceId}/metadata",
        "/staff/queue",
        $"/staff/reports/{reportId}",
        $"/staff/reports/{relatedId}",
        $"/staff/reports/{reportId}/evidence/{evidenceId}",
    ];

    [Fact]
    public async Task FirstVote_UntilTheSecondPersonDecides_IsNowhere()
    {
        var firstVoter = await host.ModeratorAsync();
        using var first = await host.SignedInAsync(firstVoter);
        var report = await host.AddAsync(handle: "blind-review-account");
        var related = await host.AddAsync(handle: "blind-review-account");
        var file = await host.AddEvidenceAsync(report.Id, [1, 2, 3], [4, 5]);
        await first.DoAsync(report.Id, "claim");
        await first.DoAsync(report.Id, "notes", new { text = OwnNote });
        using (await first.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/thumbnail"))
        {
        }

        var voted = await first.DoAsync(report.Id, "reject", new { disposition = "unfounded", note = VoteNote });
        using var second = await host.StaffClientAsync(StaffRoles.Moderator);
        await second.DoAsync(report.Id, "claim");
        using var supervisor = await host.StaffClientAsync(StaffRoles.Supervisor);

        Assert.Equal(("under_verification", true), (voted.Text("state"), voted.GetProperty("awaitingSecondReview").GetBoolean()));
        foreach (var client in new[] { second, supervisor, first })
        {
            foreach (var place in Places(report.Id, file.Id, related.Id))
            {
                using var answer = await client.GetAsync(place);
                Assert.True(answer.IsSuccessStatusCode, $"{place}: {answer.StatusCode}");

                // On the page the dispositions are options of a form: there, only a chosen one would tell.
                var body = (await answer.Content.ReadAsStringAsync()).Replace("<option value=\"unfounded\">", "", StringComparison.Ordinal);
                foreach (var secret in new[] { firstVoter.Id.ToString(), firstVoter.Email.Split('@')[0], "unfounded", VoteNote, OwnNote, "rejection_proposed", "Suara pertama untuk" })
                {
                    Assert.False(body.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{place} tells '{secret}'.");
                }
            }
        }
    }

    [Theory]
    [InlineData("reject", "rejected")]
    [InlineData("verify", "verified")]
    public async Task SecondVote_WhicheverWay_SettlesAndShowsTheFirst(string action, string state)
    {
        var firstVoter = await host.ModeratorAsync();
        using var first = await host.SignedInAsync(firstVoter);
        using var second = await host.StaffClientAsync(StaffRoles.Moderator);
        var report = await host.AddAsync(Tier.Immediate);
        await first.DoAsync(report.Id, "claim");
        await first.DoAsync(report.Id, "reject", new { disposition = "unfounded", note = VoteNote });
        await second.DoAsync(report.Id, "claim");

        var done = await second.DoAsync(report.Id, action, action == "reject"
            ? new { disposition = "unfounded" }
            : new { category = "sextortion", tier = "immediate" });

        var read = await second.ReadAsync(report.Id);
        Assert.Equal(state, done.Text("state"));
        Assert.False(read.GetProperty("awaitingSecondReview").GetBoolean());
        Assert.Equal(VoteNote, read.GetProperty("votes")[0].Text("note"));
        Assert.Equal(firstVoter.Id, read.GetProperty("votes")[0].GetProperty("voter").GetProperty("id").GetGuid());
        Assert.Contains("rejection_proposed", read.GetProperty("history").EnumerateArray().Select(h => h.Text("action")));
    }
}
