using System.Net;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Intake.Uploads;
using ReportIntake.Web.Tests.Resilience;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>The whole program on S3: upload, screening, original.</summary>
public sealed class S3HostTests
{
    [Fact]
    public async Task Photo_UploadedScreenedAndRead_IsByteIdentical()
    {
        using var server = new S3Server();
        await using var host = new Host(server);
        var sending = new Sending(Guid.NewGuid().ToString("N"), await Media.JpegAsync(640, 480));
        using (var citizen = host.Client())
        {
            await Submitter.SendAsync(citizen, sending);
        }

        var item = await ScreenedAsync(host);
        Assert.Equal(EvidenceState.Available, item.State);
        using var custodian = await host.StaffClientAsync(StaffRoles.Moderator, StaffRoles.EvidenceCustodian);
        var address = $"/api/v1/moderation/reports/{item.ReportId}/evidence/{item.Id}";

        Assert.Equal(sending.Photo, await custodian.GetByteArrayAsync(address + "/original?purpose=examination"));
        Assert.NotEmpty(await custodian.GetByteArrayAsync(address + "/thumbnail"));
        Assert.False(Directory.Exists(Path.Combine(host.DataDirectory, "evidence")));
    }

    [Fact]
    public async Task Upload_BucketAway_IsRefusedThenGoesOn()
    {
        using var server = new S3Server();
        await using var host = new Host(server);
        var tus = new TusClient(host);
        var photo = new byte[100_000];
        var path = await tus.CreateAsync(photo.Length);
        using (var first = await tus.PatchAsync(path, 0, photo[..60_000]))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        }

        server.Stop();
        using (var refused = await tus.PatchAsync(path, 60_000, photo[60_000..]))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("storage_unavailable", await TusClient.CodeAsync(refused));
        }

        using (var client = host.Client())
        {
            using var health = await client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains("bucket", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        server.Start();
        Assert.Equal(60_000, await tus.OffsetAsync(path));
        using var rest = await tus.PatchAsync(path, 60_000, photo[60_000..]);
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(photo, await tus.ContentAsync((await tus.ItemAsync(path)).Id));
    }

    private static async Task<EvidenceItem> ScreenedAsync(IntakeHost host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var item = await host.WithDatabaseAsync(database => database.Evidence.AsNoTracking().SingleAsync());
            if (item.State is EvidenceState.Available or EvidenceState.Quarantined)
            {
                return item;
            }

            await Task.Delay(200, patience.Token);
        }
    }

    private sealed class Host(S3Server server) : IntakeHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
        {
            ["Evidence:Store"] = "S3",
            ["Evidence:S3:Bucket"] = S3Server.Bucket,
            ["Evidence:S3:ServiceUrl"] = server.Address.ToString(),
            ["Evidence:S3:AccessKey"] = "S3RVER",
            ["Evidence:S3:SecretKey"] = "S3RVER",
            ["Evidence:S3:ForcePathStyle"] = "true",
            ["Evidence:S3:Prefix"] = "host/",
            ["Evidence:S3:Retries"] = "0",
        };
    }
}
