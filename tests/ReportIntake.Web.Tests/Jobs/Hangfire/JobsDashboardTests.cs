using System.Net;
using ReportIntake.Testing;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Jobs.Hangfire;

public sealed class JobsDashboardTests
{
    [Fact]
    public async Task Dashboard_EveryRole_OpensForAdminsAlone()
    {
        await using var host = new HangfireHost();
        using var nobody = host.Client();
        using var police = await host.PoliceClientAsync();
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);
        foreach (var path in new[] { "/ops/jobs", "/ops/jobs/jobs/failed", "/ops/jobs/retries", "/ops/jobs/servers" })
        {
            using var refused = await nobody.GetAsync(path);
            using var outside = await police.GetAsync(path);
            using var shown = await admin.GetAsync(path);
            Assert.StartsWith("/staff/sign-in", refused.Headers.Location?.OriginalString, StringComparison.Ordinal);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, outside.StatusCode));
            Assert.Equal((path, HttpStatusCode.OK), (path, shown.StatusCode));
            Assert.Contains("font-src 'self'", Assert.Single(shown.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }

        foreach (var role in StaffRoles.All.Except([StaffRoles.Admin]))
        {
            using var other = await host.StaffClientAsync(role);
            using var refused = await other.GetAsync("/ops/jobs");
            Assert.Equal((role, HttpStatusCode.Forbidden), (role, refused.StatusCode));
        }
    }

    [Fact]
    public async Task Dashboard_FormFromElsewhere_IsRefused()
    {
        await using var host = new HangfireHost();
        using var admin = await host.StaffBrowserAsync(StaffRoles.Admin);

        using var form = new FormUrlEncodedContent([new("jobs[]", "1")]);
        using var answer = await admin.PostAsync("/ops/jobs/jobs/failed/requeue", form);

        Assert.False(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Dashboard_AnotherEngine_IsNotThere()
    {
        await using var host = new JobsHost();
        using var admin = await host.StaffClientAsync(StaffRoles.Admin);

        using var answer = await admin.GetAsync("/ops/jobs");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
