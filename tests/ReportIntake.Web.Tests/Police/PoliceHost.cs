using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Police;

/// <summary>The program with verified reports made through the domain, and police clients with keys. Each test takes areas of its own.</summary>
public class PoliceHost : IntakeHost
{
    /// <summary>The moderator who verified every report here.</summary>
    public static readonly Actor Moderator = Actor.Moderator(Guid.Parse("5a4e43a8-7d3c-4c8b-9a53-0d3f4c1b2a10"));

    private const string Description = "Akun ini menawarkan anak.";

    /// <summary>Far from the numbers that the program draws for what is filed by its own door.</summary>
    private int number = 500_000;

    public sealed record Police(Guid Id, HttpClient Http) : IDisposable
    {
        public void Dispose() => Http.Dispose();
    }

    /// <summary>A client of some areas with every scope.</summary>
    public Task<Police> PoliceAsync(params string[] areas) => PoliceAsync(PoliceScopes.All, areas);

    public Task<Police> PoliceAsync(IReadOnlyList<string> scopes, params string[] areas) => PoliceAsync(scopes, areas, [], []);

    /// <summary>A client with every scope that is given some categories and tiers only.</summary>
    public Task<Police> PoliceAsync(string area, IReadOnlyList<string> categories, params Tier[] tiers) => PoliceAsync(PoliceScopes.All, [area], categories, tiers);

    private async Task<Police> PoliceAsync(IReadOnlyList<string> scopes, string[] areas, IReadOnlyList<string> categories, Tier[] tiers)
    {
        var key = ApiKey.Create();
        var client = new PoliceClient
        {
            Id = Guid.NewGuid(),
            Name = $"Test {Guid.NewGuid():N}",
            Scopes = [.. scopes],
            Areas = [.. areas],
            Categories = [.. categories],
            Tiers = [.. tiers.Select(t => t.Name())],
            CreatedAt = Now,
        };
        client.Keys.Add(ClientKey.Of(key, client.Id, Now));
        await WithDatabaseAsync(async database =>
        {
            database.PoliceClients.Add(client);
            return await database.SaveChangesAsync();
        });
        var http = Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return new Police(client.Id, http);
    }

    public Task<int> RevokeAsync(Police police) => WithDatabaseAsync(database => database.PoliceClients
        .Where(c => c.Id == police.Id).ExecuteUpdateAsync(row => row.SetProperty(c => c.RevokedAt, (DateTimeOffset?)Now)));

    public DateTimeOffset Now
    {
        get
        {
            _ = Address; // starts it
            return Services.GetRequiredService<TimeProvider>().GetUtcNow();
        }
    }

    /// <summary>A report that waits for a moderator.</summary>
    public Task<Report> SubmittedAsync(string? area) => SaveNewAsync(NewReport(area));

    /// <summary>A report that is with the police.</summary>
    public async Task<Report> VerifiedAsync(
        string? area, Tier tier = Tier.Urgent, ReportState state = ReportState.Verified, string description = Description, string? category = null)
    {
        var report = NewReport(area, description);
        Done(report.Claim(Moderator, Now));
        Done(report.Verify(Moderator, category ?? report.Category, childSafety: true, tier, "Signs of age in the advertisement.", Now));
        var police = Actor.Police(Guid.NewGuid());
        if (state is not ReportState.Verified)
        {
            Done(report.Acknowledge(police, Now));
        }

        if (state is ReportState.Resolved or ReportState.Closed)
        {
            Done(report.RecordOutcome(police, OutcomeCode.Arrest, null, Now, Now));
        }

        if (state is ReportState.Closed)
        {
            Done(report.Close(Actor.System, Now.AddMinutes(1)));
        }

        Assert.Equal(state, report.State);
        return await SaveNewAsync(report);
    }

    /// <summary>Does something with a stored report through the domain.</summary>
    public Task<int> ChangeAsync(Guid id, Action<Report> change) => WithDatabaseAsync(async database =>
    {
        var report = await database.Reports.Include(r => r.Votes).Include(r => r.FollowUps).SingleAsync(r => r.Id == id);
        change(report);
        return await database.SaveChangesAsync();
    });

    /// <summary>A stored file of a report; its type is known where screening has looked.</summary>
    public async Task<EvidenceItem> EvidenceAsync(Guid reportId, byte[] content, string name = "foto di pasar.png", bool screened = true)
    {
        var item = EvidenceItem.Begin(RandomNumberGenerator.GetBytes(32), name, "image/jpeg", content.Length, Now, TimeSpan.FromDays(1));
        var store = Services.GetRequiredService<IEvidenceStore>();
        Done(await store.WriteAsync(BlobKey.Original(item.Id), new MemoryStream(content), CancellationToken.None));
        Done(item.Complete(content.Length, SHA256.HashData(content), Now));
        Done(item.AttachTo(reportId));
        if (screened)
        {
            item.StartScreening(md5: RandomNumberGenerator.GetBytes(16));
            item.MakeAvailable("image/png", "image/jpeg", hasThumbnail: false, hasContactSheet: false);
        }
        else
        {
            item.Quarantine("undecodable");
        }

        return await WithDatabaseAsync(async database =>
        {
            database.Evidence.Add(item);
            await database.SaveChangesAsync();
            return item;
        });
    }

    /// <summary>Custody events of a report of that kind, in order.</summary>
    public Task<List<Domain.Custody.LedgerEntry>> LedgerAsync(Guid reportId, string action) => WithDatabaseAsync(database =>
        database.Ledger.AsNoTracking().Where(e => e.ReportId == reportId && e.Action == action).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync());

    private Report NewReport(string? area, string description = Description)
    {
        var facts = new ReportFacts
        {
            Category = "child_sexual_exploitation",
            ChildSafety = true,
            Description = description,
            Stage = "advertising",
            Incident = new Incident(Ongoing: true, AreaCode: area, Place: "dekat stasiun"),
            Victim = new Victim(AgeBand.From13To17, Danger.Yes),
            Subjects = [new Subject("michat", "@Contoh", "https://www.example.id/p/1", "0812 3456 789", null)],
        };
        var now = Now;
        var assessment = new Assessment(
            Tier.Urgent, "2026.1", [new RuleHit("U1", Tier.Urgent, new Dictionary<string, string> { ["term"] = "open bo" })], now);
        var reference = Reference.Format(2026, Interlocked.Increment(ref number));
        return Report.Submit(reference, RandomNumberGenerator.GetBytes(32), facts, assessment, 0, now).Value;
    }

    private Task<Report> SaveNewAsync(Report report) => WithDatabaseAsync(async database =>
    {
        database.Reports.Add(report);
        await database.SaveChangesAsync();
        return report;
    });

    private static void Done(Domain.Results.Result result) => Assert.Null(result.Error);
}
