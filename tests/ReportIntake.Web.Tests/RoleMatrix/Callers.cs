using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Jobs.Sequencing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.RoleMatrix;

/// <summary>One client for each sort of caller, and a request for each route that is right in all but, perhaps, who sends it.</summary>
internal sealed class Callers : IDisposable
{
    private const string Area = "32.74", Province = "32", OtherProvince = "33";
    private const string Category = "online_enticement";
    private const string Receiver = "https://hooks.police.example/";

    private static readonly (string Caller, string Role)[] Staff =
    [
        ("moderator", StaffRoles.Moderator), ("supervisor", StaffRoles.Supervisor), ("custodian", StaffRoles.EvidenceCustodian),
        ("child_safety", StaffRoles.ChildSafetyModerator), ("auditor", StaffRoles.Auditor), ("admin", StaffRoles.Admin),
    ];

    private readonly ModerationHost host;
    private readonly Dictionary<string, HttpClient> clients = [];
    private string refreshToken = "";
    private TestStaff spare = null!;
    private Report withEvidence = null!;
    private Guid evidenceId;
    private Guid webhookId;
    private long treeSize;
    private int number;

    private Callers(ModerationHost host) => this.host = host;

    public HttpClient this[string caller] => clients[caller];

    /// <param name="shared">The report that all requests share which do not change one; a verified one unless told otherwise.</param>
    public static async Task<Callers> CreateAsync(ModerationHost host, Report? shared = null)
    {
        var callers = new Callers(host);
        await callers.SignInAsync();
        var bytes = await Media.JpegAsync(32, 32);
        callers.withEvidence = shared ?? await callers.VerifiedAsync();
        callers.webhookId = await callers.WebhookAsync();
        callers.evidenceId = (await host.AddEvidenceAsync(callers.withEvidence.Id, bytes, bytes)).Id;
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Publisher>().PublishAsync(CancellationToken.None);
        callers.treeSize = (await scope.ServiceProvider.GetRequiredService<TreeHeads>().SignAsync(CancellationToken.None)).Size;
        return callers;
    }

    /// <param name="mayGetThrough">Makes what the request names (a report, an upload, an account), so that it can succeed.</param>
    public async Task<HttpRequestMessage> RequestAsync(string route, string caller, bool mayGetThrough)
    {
        var (method, path) = route.Split(' ') is [var m, var p] ? (m, p) : throw new ArgumentException("METHOD /route", nameof(route));
        var request = new HttpRequestMessage(new HttpMethod(method), await AddressAsync(path, method, caller, mayGetThrough));
        if (path.StartsWith("/api/v1/uploads", StringComparison.Ordinal))
        {
            ForUploads(request, path);
        }
        else if (path.StartsWith("/api", StringComparison.Ordinal) && method is "POST" or "PUT")
        {
            request.Content = JsonContent.Create(await BodyAsync(path, mayGetThrough));
        }
        else if (method is "POST")
        {
            request.Content = new FormUrlEncodedContent([]);
        }

        return request;
    }

    public void Dispose()
    {
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>New people in each role, with sessions that count.</summary>
    public async Task SignInStaffAsync()
    {
        foreach (var (caller, role) in Staff)
        {
            clients.GetValueOrDefault(caller)?.Dispose();
            clients[caller] = await host.StaffClientAsync(role);
        }
    }

    private async Task SignInAsync()
    {
        clients["anonymous"] = host.Client();
        await SignInStaffAsync();
        clients["police"] = await host.PoliceClientAsync(areas: [Province]);
        clients["elsewhere"] = await host.PoliceClientAsync(areas: [OtherProvince]);
        clients["unscoped"] = await host.PoliceClientAsync(scopes: [PoliceScopes.ManageWebhooks], areas: [Province]);

        using var filed = await clients["anonymous"].PostAsJsonAsync("/api/v1/reports", new { category = Category, description = "For the receipt." });
        var receipt = (await filed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("receiptCode").GetString();
        clients["receipt"] = host.Client();
        clients["receipt"].DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Receipt", receipt);

        spare = await host.AddStaffAsync([StaffRoles.Moderator]);
        using var login = await clients["anonymous"].PostAsJsonAsync("/api/v1/staff/login", CredentialsOf(spare));
        refreshToken = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("refreshToken").GetString()!;
    }

    private static object CredentialsOf(TestStaff staff) => new { email = staff.Email, password = staff.Password, twoFactorCode = StaffAccounts.Totp(staff.TotpKey) };

    private async Task<string> AddressAsync(string path, string method, string caller, bool mayGetThrough)
    {
        var address = path
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{staffId:guid}", $"{spare.Id}", StringComparison.Ordinal)
            .Replace("/{status:int?}", "", StringComparison.Ordinal)
            .Replace("{size:long}", $"{treeSize}", StringComparison.Ordinal)
            .Replace("{entry}", "0", StringComparison.Ordinal)
            .Replace("/consistency", "/consistency?first=0", StringComparison.Ordinal);
        if (address.Contains("{uploadId}", StringComparison.Ordinal))
        {
            return address.Replace("{uploadId}", await UploadAsync(), StringComparison.Ordinal);
        }

        if (address.Contains("{evidenceId:guid}", StringComparison.Ordinal))
        {
            return address
                .Replace("{id:guid}", $"{withEvidence.Id}", StringComparison.Ordinal)
                .Replace("{evidenceId:guid}", $"{evidenceId}", StringComparison.Ordinal)
                + ((address.EndsWith("/original", StringComparison.Ordinal) || address.EndsWith("/metadata-sheet", StringComparison.Ordinal)) && address.Contains("/moderation/", StringComparison.Ordinal) ? "?purpose=court_order" : "");
        }

        if (address.Contains("{keyId:guid}", StringComparison.Ordinal))
        {
            var client = (await host.AddPoliceAsync(areas: [Province])).ClientId;
            var key = await host.WithDatabaseAsync(d => d.ClientKeys.Where(k => k.ClientId == client).Select(k => k.Id).SingleAsync());
            return address.Replace("{id:guid}", $"{client}", StringComparison.Ordinal).Replace("{keyId:guid}", $"{key}", StringComparison.Ordinal);
        }

        if (address.Contains("{followUpId:guid}", StringComparison.Ordinal) || address.Contains("{referralId:guid}", StringComparison.Ordinal))
        {
            return await DeskAddressAsync(address);
        }

        if (address.EndsWith("/moderation/search", StringComparison.Ordinal))
        {
            return address + "?reference=RI-2026-000001";
        }

        if (address.EndsWith("/export", StringComparison.Ordinal))
        {
            return address + "?format=csv";
        }

        if (!address.Contains("{id:guid}", StringComparison.Ordinal))
        {
            return address.Replace("{sessionId:guid}", $"{Guid.NewGuid()}", StringComparison.Ordinal);
        }

        // What a caller changes is made for that request; what is only read, or refused, is shared.
        var id = (mayGetThrough, address) switch
        {
            _ when address.Contains("/webhooks/", StringComparison.Ordinal) => mayGetThrough ? await WebhookAsync() : webhookId,
            (true, _) when address.Contains("/admin/staff/", StringComparison.Ordinal) => (await host.AddStaffAsync([StaffRoles.Moderator])).Id,
            (true, _) when address.Contains("/admin/clients/", StringComparison.Ordinal) => (await host.AddPoliceAsync(areas: [Province])).ClientId,
            (true, _) when method == "POST" && caller is "police" => (await InFollowUpAsync(address)).Id,
            (true, _) when method == "POST" => (await VerifiedAsync()).Id,
            _ => withEvidence.Id,
        };
        return address.Replace("{id:guid}", $"{id}", StringComparison.Ordinal);
    }

    private async Task<object> BodyAsync(string path, bool mayGetThrough) => path switch
    {
        "/api/v1/reports" => new { category = Category, description = "A pupil is written to." },
        "/api/v1/receipt/messages" => new { text = "More that I know." },
        "/api/v1/receipt/evidence" => new { uploadIds = new[] { await WholeUploadAsync() } },
        "/api/v1/staff/login" => CredentialsOf(await host.AddStaffAsync([StaffRoles.Moderator])), // a code is good for one sign-in
        "/api/v1/staff/refresh" => new { refreshToken },
        "/api/v1/admin/staff" => new { email = $"n{++number}@staff.example", password = StaffAccounts.Password, roles = new[] { StaffRoles.Moderator } },
        "/api/v1/admin/staff/invitations" => new { email = $"i{++number}@staff.example", roles = new[] { StaffRoles.Moderator } },
        "/api/v1/admin/staff/{id:guid}/roles" => new { roles = new[] { StaffRoles.Supervisor } },
        "/api/v1/admin/hash-lists" => new[] { new { sha256 = new string('0', 64), list = "Known", meaning = "known_benign", source = "A test" } },
        "/api/v1/admin/clients/{id:guid}" => new { scopes = new[] { PoliceScopes.ReadReports }, areas = new[] { Province } },
        "/api/v1/admin/retention" => new { periods = new[] { new { state = "closed", days = 1825 } } },
        "/api/v1/admin/clients" => new { name = $"New {++number}", scopes = new[] { PoliceScopes.ReadReports }, areas = new[] { Province } },
        "/api/v1/webhooks" => new { url = Receiver },
        "/api/v1/webhooks/{id:guid}/replay" => new { from = "2026-01-01T00:00:00Z" },
        "/api/v1/webhooks/{id:guid}/secrets" => new { overlapHours = 1 },
        _ => Action(path) switch
        {
            "request-information" or "notes" or "questions" or "pass-on" => new { text = "Which account was it?" },
            "verify" => new { category = Category, tier = "urgent" },
            "reject" => new { disposition = "unfounded" },
            "mark-duplicate" => new { of = mayGetThrough ? withEvidence.Reference : "" },
            "retriage" => new { tier = "immediate", reason = "They meet tomorrow." },
            "reopen" or "return" or "preservation" or "decline" or "lift-hold" => new { reason = "New facts." },
            "risk-assessments" => new { hazards = "Contact goes on.", impact = "Severe.", furtherAction = "Visit." },
            "referrals" => new { destination = "sapa_129" },
            "state" => new { state = "sent" },
            "override" => new { reason = "A long night.", reveals = 5 },
            "outcome" => new { code = "victim_safeguarded" },
            _ => new { },
        },
    };

    private static string Action(string path) => path[(path.LastIndexOf('/') + 1)..];

    private Task<Report> VerifiedAsync() => host.AddAsync(Tier.Urgent, area: Area, then: Verify);

    private Task<Report> InFollowUpAsync(string address) => host.AddAsync(Tier.Urgent, area: Area, then: report =>
    {
        Verify(report);
        if (!address.EndsWith("/acknowledgement", StringComparison.Ordinal))
        {
            Assert.True(report.Acknowledge(Actor.Police(Guid.NewGuid()), report.UpdatedAt).IsSuccess);
        }
    });

    /// <summary>One of the client that is called police.</summary>
    private async Task<Guid> WebhookAsync()
    {
        using var added = await clients["police"].PostAsJsonAsync("/api/v1/webhooks", new { url = Receiver });
        return (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>A report with a question of the police that waits, and a referral.</summary>
    private async Task<string> DeskAddressAsync(string address)
    {
        var report = await InFollowUpAsync(address);
        var (question, referral) = await host.WithDatabaseAsync(async database =>
        {
            var stored = await database.Reports.SingleAsync(r => r.Id == report.Id);
            Assert.True(stored.AskReporter(Actor.Police(Guid.NewGuid()), "Which car?", stored.UpdatedAt).IsSuccess);
            var referred = Referral.Create(stored, "platform", null, null, stored.UpdatedAt).Value;
            database.Add(referred);
            await database.SaveChangesAsync();
            return (stored.FollowUps[^1].Id, referred.Id);
        });
        return address
            .Replace("{id:guid}", $"{report.Id}", StringComparison.Ordinal)
            .Replace("{followUpId:guid}", $"{question}", StringComparison.Ordinal)
            .Replace("{referralId:guid}", $"{referral}", StringComparison.Ordinal);
    }

    private static void Verify(Report report)
    {
        var moderator = Actor.Moderator(Guid.NewGuid());
        Assert.True(report.Claim(moderator, report.SubmittedAt).IsSuccess);
        Assert.True(report.Verify(moderator, Category, childSafety: true, Tier.Urgent, "Signs of age.", report.SubmittedAt).IsSuccess);
    }

    private static void ForUploads(HttpRequestMessage request, string path)
    {
        request.Headers.Add("Tus-Resumable", "1.0.0");
        if (request.Method == HttpMethod.Post && !path.Contains('{', StringComparison.Ordinal))
        {
            request.Headers.Add("Upload-Length", "4");
        }
        else if (request.Method == HttpMethod.Post)
        {
            request.Headers.Add("X-HTTP-Method-Override", "HEAD");
        }
        else if (request.Method == HttpMethod.Patch)
        {
            request.Headers.Add("Upload-Offset", "0");
            request.Content = new ByteArrayContent([1, 2, 3, 4]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }
    }

    private async Task<string> UploadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        ForUploads(request, "/api/v1/uploads");
        using var created = await clients["anonymous"].SendAsync(request);
        return created.Headers.Location!.OriginalString.Split('/')[^1];
    }

    private async Task<string> WholeUploadAsync()
    {
        var id = await UploadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/uploads/{id}");
        ForUploads(request, "/api/v1/uploads/{uploadId}");
        using var sent = await clients["anonymous"].SendAsync(request);
        Assert.True(sent.IsSuccessStatusCode, sent.StatusCode.ToString());
        return id;
    }
}
