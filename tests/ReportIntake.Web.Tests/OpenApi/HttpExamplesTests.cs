using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Police;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>Every request of <c>openapi/examples/*.http</c>, sent to the running program: each answers as its comment says.</summary>
public sealed class HttpExamplesTests
{
    [Fact]
    public async Task Citizen_EveryRequest_AnswersAsItSays()
    {
        await using var host = new PoliceHost();
        await RunAsync(host, "citizen.http", new(), (name, answer, variables) =>
        {
            if (name == "upload")
            {
                variables["uploadId"] = answer.Headers.Location!.OriginalString.Split('/')[^1];
            }
        });
    }

    [Fact]
    public async Task Moderator_EveryRequest_AnswersAsItSays()
    {
        await using var host = new PoliceHost();
        await host.SubmittedAsync("32.74");
        await RunAsync(host, "moderator.http", Credentials(await host.AddStaffAsync([StaffRoles.Moderator])));
    }

    [Fact]
    public async Task Police_EveryRequest_AnswersAsItSays()
    {
        await using var host = new PoliceHost();
        var report = await host.VerifiedAsync("32.74");
        await host.EvidenceAsync(report.Id, await Media.PngAsync(32, 32));
        var client = await host.AddPoliceAsync();
        await RunAsync(host, "police.http", new() { ["key"] = client.ApiKey });
    }

    [Fact]
    public async Task Admin_EveryRequest_AnswersAsItSays()
    {
        await using var host = new PoliceHost();
        await RunAsync(host, "admin.http", Credentials(await host.AddStaffAsync([StaffRoles.Admin])));
    }

    private static Dictionary<string, string> Credentials(TestStaff staff) =>
        new() { ["email"] = staff.Email, ["password"] = staff.Password, ["twoFactorCode"] = StaffAccounts.Totp(staff.TotpKey)! };

    private static async Task RunAsync(
        IntakeHost host, string file, Dictionary<string, string> set, Action<string, HttpResponseMessage, Dictionary<string, string>>? answered = null)
    {
        using var client = host.Client();
        set["host"] = host.Address.ToString().TrimEnd('/');

        Assert.Empty(await new HttpFile(file).RunAsync(client, set, answered));
    }
}
