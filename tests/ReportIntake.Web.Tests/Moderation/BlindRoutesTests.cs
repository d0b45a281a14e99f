using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs.Sequencing;
using ReportIntake.Web.Tests.RoleMatrix;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>While a first vote is open, no route of the role table tells anybody whose it is or what it says.</summary>
public sealed class BlindRoutesTests
{
    private const string VoteNote = "Kelihatannya iseng saja 4711.";

    /// <summary>They would end the vote; their answer is the report's state alone.</summary>
    private static readonly string[] Decisions = ["/verify", "/reject", "/request-information", "/mark-duplicate", "/undo", "/logout", "/retriage", "/return", "/outcome"];

    [Theory]
    [InlineData("reject")]
    [InlineData("retriage")]
    public async Task EveryRoute_WhileAFirstVoteIsOpen_TellsNobodyOfIt(string vote)
    {
        await using var host = new ModerationHost();
        var report = await host.AddAsync(Tier.Immediate, area: "32.74", then: vote == "reject" ? null : Verify);
        using var callers = await Callers.CreateAsync(host, report);
        var voter = await host.ModeratorAsync();
        using (var first = await host.SignedInAsync(voter))
        {
            if (vote == "reject")
            {
                await first.DoAsync(report.Id, "claim");
            }

            await first.DoAsync(report.Id, "notes", new { text = VoteNote });
            var voted = vote == "reject"
                ? await first.DoAsync(report.Id, "reject", new { disposition = "out_of_scope", note = VoteNote })
                : await first.DoAsync(report.Id, "retriage", new { tier = "non_urgent", reason = VoteNote });
            Assert.True(voted.GetProperty("awaitingSecondReview").GetBoolean());
        }

        await host.Services.GetRequiredService<Publisher>().PublishAsync(default);
        string[] secrets = [voter.Id.ToString(), voter.Email.Split('@')[0], VoteNote, "out_of_scope", "rejection_proposed", "retriage_proposed"];
        var (told, looked) = (new StringBuilder(), 0);
        foreach (var route in RoleTable.Rows.Keys.Where(r => !Decisions.Any(d => r.EndsWith(d, StringComparison.Ordinal))))
        {
            foreach (var caller in RoleTable.Callers)
            {
                using var request = await callers.RequestAsync(route, caller, mayGetThrough: false);
                using var answer = await callers[caller].SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var body = Encoding.UTF8.GetString(await FirstBytesAsync(answer)) + answer.Headers;
                looked += body.Contains(report.Id.ToString(), StringComparison.Ordinal) || body.Contains(report.Reference, StringComparison.Ordinal) ? 1 : 0;
                foreach (var secret in secrets.Where(s => !IsTold(route, caller, s) && WithoutChoices(body).Contains(s, StringComparison.OrdinalIgnoreCase)))
                {
                    told.AppendLine($"{route} tells {caller} '{secret}'");
                }
            }
        }

        Assert.True(told.Length == 0, told.ToString());
        Assert.True(looked >= 8, $"Only {looked} answers were about the report.");
    }

    private static void Verify(Report report)
    {
        var moderator = Actor.Moderator(Guid.NewGuid());
        Assert.True(report.Claim(moderator, report.SubmittedAt).IsSuccess);
        Assert.True(report.Verify(moderator, report.Category, childSafety: true, Tier.Immediate, "Today.", report.SubmittedAt).IsSuccess);
    }

    /// <summary>Who works here, and the words of the API and of the package's list of what it leaves out.</summary>
    private static bool IsTold(string route, string caller, string secret) =>
        route.Contains("/openapi/", StringComparison.Ordinal)
        || (secret.Contains('_', StringComparison.Ordinal) && (route.EndsWith("/catalogue", StringComparison.Ordinal) || route.EndsWith("/package", StringComparison.Ordinal)))
        || (caller == "admin" && route.Contains("/admin/staff", StringComparison.Ordinal) && secret.Length > 30);

    /// <summary>Forms offer every disposition; only a chosen one would tell.</summary>
    private static string WithoutChoices(string body) => body.Replace("<option value=\"out_of_scope\">", "", StringComparison.Ordinal);

    /// <summary>A stream has no end: what it says at first is all that is waited for.</summary>
    private static async Task<byte[]> FirstBytesAsync(HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType is not { MediaType: "text/event-stream" })
        {
            return await answer.Content.ReadAsByteArrayAsync();
        }

        var buffer = new byte[64 * 1024];
        await using var stream = await answer.Content.ReadAsStreamAsync();
        return buffer[..await stream.ReadAsync(buffer)];
    }
}
