using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.Linking;

/// <summary>Clusters as the jobs make them; each test has words and accounts of its own.</summary>
public sealed class LinkReportTests(ModerationHost host) : IClassFixture<ModerationHost>
{
    private readonly string tag = Guid.NewGuid().ToString("N")[..10];

    [Fact]
    public async Task Cluster_ThreeIndependentReportsOfOneAccount_RaisesEveryMember()
    {
        var reports = new[] { await AddAsync(Words(1), "a"), await AddAsync(Words(2), "a"), await AddAsync(Words(3), "a") };

        await LinkAsync(reports[2]);
        await ReassessAsync();

        Assert.All(await ReadAsync(reports), r => Assert.Equal((true, true), (r.ProvisionalTier < Tier.NonUrgent, r.Assessment.Hits.Any(h => h.RuleId == "U5"))));
    }

    [Fact]
    public async Task Cluster_ThreeCopiesOfOneText_RaisesNobody()
    {
        var reports = new[] { await AddAsync(Words(1), "a"), await AddAsync(Words(1), "a"), await AddAsync(Words(1) + " Tolong!", "a") };

        foreach (var report in reports)
        {
            await LinkAsync(report);
        }

        await ReassessAsync();
        Assert.All(await ReadAsync(reports), r => Assert.Equal(Tier.NonUrgent, r.ProvisionalTier));
        Assert.Equal((3, 1), await ClusterAsync(reports[0]));
    }

    [Fact]
    public async Task Cluster_ByAccountAndFileAndWords_JoinsOverSteps()
    {
        var file = System.Security.Cryptography.RandomNumberGenerator.GetBytes(64);
        var reports = new[] { await AddAsync(Words(1), "a"), await AddAsync(Words(2), "a"), await AddAsync(Words(3), null), await AddAsync(Words(3) + " Lagi.", null) };
        await host.AddEvidenceAsync(reports[1], file, file);
        await host.AddEvidenceAsync(reports[2], file, file);

        foreach (var report in reports)
        {
            await LinkAsync(report);
        }

        Assert.Equal((4, 3), await ClusterAsync(reports[0]));
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        var read = await moderator.ReadAsync(reports[2]);
        var because = read.GetProperty("related").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetGuid(), r => r.GetProperty("because")[0].GetString());
        Assert.Equal((2, "same_file", "same_text"), (because.Count, because[reports[1]], because[reports[3]]));
        Assert.Equal(3, read.GetProperty("cluster").GetProperty("independentSources").GetInt32());
    }

    [Fact]
    public async Task Cluster_NonAnswers_JoinNothing()
    {
        var reports = new[] { await AddAsync(Words(1), handle: "tidak tahu"), await AddAsync(Words(2), handle: "tidak tahu"), await AddAsync(Words(3), handle: "tidak tahu") };

        await LinkAsync(reports[0]);

        Assert.Equal((1, 1), await ClusterAsync(reports[0]));
    }

    [Fact]
    public async Task Cluster_SpamAndWithdrawn_AreNoSources()
    {
        var reports = new[] { await AddAsync(Words(1), "a"), await AddAsync(Words(2), "a"), await AddAsync(Words(3), "a", r => r.Withdraw(r.SubmittedAt.AddSeconds(1))) };

        Assert.Equal((2, 2), await ClusterAsync(reports[0]));
    }

    [Fact]
    public async Task LinkReport_Twice_ChangesAndAsksForNothingMore()
    {
        var reports = new[] { await AddAsync(Words(1), "a"), await AddAsync(Words(2), "a"), await AddAsync(Words(3), "a") };
        await LinkAsync(reports[0]);
        await ReassessAsync();
        var before = await StateAsync(reports);

        await LinkAsync(reports[0]);
        await ReassessAsync();
        await RunAsync<ReassessReport>(reports[1]);

        Assert.Equal(before, await StateAsync(reports));
    }

    [Fact]
    public async Task Remove_OfAReport_LeavesNoWord()
    {
        var report = await AddAsync(Words(1), "a");
        await LinkAsync(report);
        var text = await host.WithDatabaseAsync(d => d.Set<ReportText>().SingleAsync(t => t.ReportId == report));

        await using var scope = host.Services.CreateAsyncScope();
        var index = scope.ServiceProvider.GetRequiredService<TextIndex>();
        var kept = await host.WithDatabaseAsync(d => d.Reports.Include(r => r.Subjects).Include(r => r.Messages).SingleAsync(r => r.Id == report));
        await index.RemoveAsync(report, index.TermsOf(kept), default);

        Assert.False(await host.WithDatabaseAsync(d => d.Set<TextTerm>().AnyAsync(t => t.TextId == text.Id)));
        Assert.False(await host.WithDatabaseAsync(d => d.Set<ReportText>().AnyAsync(t => t.ReportId == report)));
    }

    /// <summary>Texts that have nothing in common, each long enough to tell.</summary>
    private string Words(int number) => string.Join(' ', Enumerable.Range(1, 20).Select(i => $"{tag}{(char)('a' + number)}{(char)('a' + i)}q"));

    private async Task<Guid> AddAsync(string words, string? account = null, Action<Report>? then = null, string? handle = null) =>
        (await host.AddAsync(Tier.NonUrgent, childSafety: false, handle ?? (account is null ? null : $"{account}_{tag}"), category: "other", then: then, description: words)).Id;

    private Task LinkAsync(Guid report) => RunAsync<LinkReport>(report);

    /// <summary>Runs what was asked for, as the engine would.</summary>
    private async Task ReassessAsync()
    {
        foreach (var job in await host.WithDatabaseAsync(d => d.Jobs.Where(j => j.Type == nameof(ReassessReport)).ToListAsync()))
        {
            await RunAsync<ReassessReport>(job.Subject!.Value);
            await host.WithDatabaseAsync(d => d.Jobs.Where(j => j.Id == job.Id).ExecuteDeleteAsync());
        }
    }

    private async Task RunAsync<TJob>(Guid report) where TJob : IJob<Guid>
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TJob>().ExecuteAsync(report, default);
    }

    private async Task<(int Reports, int Sources)> ClusterAsync(Guid report)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var cluster = await scope.ServiceProvider.GetRequiredService<ReportClusters>().OfAsync(report, default);
        return (cluster.Members.Count, cluster.IndependentSources);
    }

    private Task<List<Report>> ReadAsync(Guid[] reports) => host.WithDatabaseAsync(d => d.Reports.AsNoTracking().Where(r => reports.Contains(r.Id)).ToListAsync());

    private Task<string> StateAsync(Guid[] reports) => host.WithDatabaseAsync(async d =>
    {
        var texts = await d.Set<ReportText>().Where(t => reports.Contains(t.ReportId)).Select(t => t.Id).ToListAsync();
        return JsonSerializer.Serialize(new
        {
            Versions = await d.Reports.Where(r => reports.Contains(r.Id)).OrderBy(r => r.Id).Select(r => r.Version).ToListAsync(),
            Terms = await d.Set<TextTerm>().CountAsync(t => texts.Contains(t.TextId)),
            Links = await d.Set<RelatedText>().CountAsync(r => reports.Contains(r.ReportId)),
            Jobs = await d.Jobs.CountAsync(j => j.Type == nameof(ReassessReport) && reports.Contains(j.Subject!.Value)),
        });
    });
}
