using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Moderation;

/// <summary>The real host with reports as the intake leaves them. No job runs by itself: tests take every step.</summary>
public class ModerationHost : IntakeHost
{
    /// <summary>What every file here says of itself.</summary>
    public static readonly MetadataSheet Sheet = new(
        new Dictionary<string, string> { ["camera_make"] = "Contoso", ["width"] = "4000" },
        [new MetadataProperty("Exif IFD0", "Make", "Contoso"), new MetadataProperty("GPS", "GPS Latitude", "-6° 10' 30\"")]);

    /// <summary>Settings beside the defaults, in configuration's own words.</summary>
    public IReadOnlyDictionary<string, string?> With { get; init; } = new Dictionary<string, string?>();

    protected override IReadOnlyDictionary<string, string?> Settings => With;

    public Task<TestStaff> ModeratorAsync() => this.AddStaffAsync([StaffRoles.Moderator]);

    /// <summary>A report that was submitted, kept after <paramref name="then"/> happened to it.</summary>
    public async Task<Report> AddAsync(
        Tier tier = Tier.Urgent, bool childSafety = true, string? handle = null, string? area = null, DateTimeOffset? at = null, string category = "online_enticement", Action<Report>? then = null,
        string? description = null)
    {
        var report = Submitted(tier, childSafety, handle, area, at, category, description);
        then?.Invoke(report);
        return await WithDatabaseAsync(async database =>
        {
            database.Reports.Add(report);
            await database.SaveChangesAsync();
            return report;
        });
    }

    /// <summary>A report as it is submitted, kept nowhere yet.</summary>
    public static Report Submitted(
        Tier tier = Tier.Urgent, bool childSafety = true, string? handle = null, string? area = null, DateTimeOffset? at = null, string category = "online_enticement",
        string? description = null)
    {
        var now = at ?? TimeProvider.System.GetUtcNow().AddMinutes(-1);
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var key = RandomNumberGenerator.GetBytes(32);
        return Report.Submit(
            "RI-" + Convert.ToHexString(key)[..12],
            key,
            new ReportFacts
            {
                Category = category,
                ChildSafety = childSafety,
                Description = description ?? "Someone writes to a pupil of our school.",
                Incident = new Incident(AreaCode: area),
                Victim = new Victim(AgeBand.From13To17, Danger.Yes),
                Subjects = handle is null ? [] : [new Subject("michat", handle, null, null, "Seen yesterday.")],
            },
            new Assessment(tier, "2026-11-1", [new RuleHit("U2", tier, new Dictionary<string, string> { ["ageBand"] = "13_17" })], now),
            0,
            now).Value;
    }

    /// <summary>A screened file of the report: <paramref name="working"/> is what people look at.</summary>
    public async Task<EvidenceItem> AddEvidenceAsync(Guid reportId, byte[] original, byte[] working, string workingType = "image/jpeg")
    {
        await using var scope = Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IEvidenceStore>();
        var now = TimeProvider.System.GetUtcNow();
        var item = EvidenceItem.Begin(RandomNumberGenerator.GetBytes(32), "bukti \"1\".jpg", "image/jpeg", original.Length, now, TimeSpan.FromDays(1));
        item.Complete(original.Length, SHA256.HashData(original), now);
        item.AttachTo(reportId);
#pragma warning disable CA5351 // MD5 is what hash lists use
        item.StartScreening(MD5.HashData(original));
#pragma warning restore CA5351
        item.MakeAvailable("image/jpeg", workingType, hasThumbnail: true, hasContactSheet: false);
        foreach (var (kind, bytes) in new[] { (BlobKind.Original, original), (BlobKind.WorkingCopy, working), (BlobKind.Thumbnail, working) })
        {
            using var content = new MemoryStream(bytes);
            Assert.True((await store.WriteAsync(new BlobKey(item.Id, kind), content, default)).IsSuccess);
        }

        await scope.ServiceProvider.GetRequiredService<MetadataSheets>().WriteAsync(item.Id, Sheet, default);
        return await WithDatabaseAsync(async database =>
        {
            database.Evidence.Add(item);
            await database.SaveChangesAsync();
            return item;
        });
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            foreach (var job in services.Where(s => s.ServiceType == typeof(IHostedService)
                && (IsJob(s.ImplementationType) || IsJob(s.ImplementationFactory?.Method.DeclaringType))).ToList())
            {
                services.Remove(job);
            }
        });
    }

    private static bool IsJob(Type? type) => type?.Namespace?.StartsWith("ReportIntake.Web.Jobs", StringComparison.Ordinal) is true;
}

internal static class ModerationCalls
{
    public static string Route(Guid reportId, string action) => $"/api/v1/moderation/reports/{reportId}/{action}";

    /// <summary>Posts an action and expects it to be done.</summary>
    public static async Task<JsonElement> DoAsync(this HttpClient client, Guid reportId, string action, object? body = null)
    {
        using var answer = await client.TryAsync(reportId, action, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{action}: {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public static Task<HttpResponseMessage> TryAsync(this HttpClient client, Guid reportId, string action, object? body = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Route(reportId, action)) { Content = body is null ? null : JsonContent.Create(body) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return client.SendAsync(request);
    }

    /// <summary>Posts an action and expects the refusal of that code.</summary>
    public static async Task<JsonElement> RefusedAsync(
        this HttpClient client, HttpStatusCode status, string code, Guid reportId, string action, object? body = null, string? ifMatch = null)
    {
        using var answer = await client.TryAsync(reportId, action, body, ifMatch);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, code), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return problem;
    }

    public static Task<JsonElement> ReadAsync(this HttpClient client, Guid reportId) =>
        client.GetFromJsonAsync<JsonElement>($"/api/v1/moderation/reports/{reportId}");

    public static string Text(this JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
