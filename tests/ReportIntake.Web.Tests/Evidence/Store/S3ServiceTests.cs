using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Resilience;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>
/// A test on an object store that others made: <c>TEST_S3</c> is its address, <c>TEST_S3_ACCESS_KEY</c> and
/// <c>TEST_S3_SECRET_KEY</c> open its bucket <c>evidence</c>. Skipped visibly without it.
/// </summary>
public sealed class S3ServiceFactAttribute : FactAttribute
{
    public S3ServiceFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TEST_S3")))
        {
            Skip = "TEST_S3 is not set: no object store to run on.";
        }
    }
}

public sealed class S3ServiceTests
{
    [S3ServiceFact]
    public async Task Files_SentScreenedAndRead_AreByteIdentical()
    {
        await using var host = new Host();
        var sending = new Sending(Guid.NewGuid().ToString("N"), await Media.JpegAsync(640, 480));
        using (var citizen = host.Client())
        {
            await Submitter.SendAsync(citizen, sending);
        }

        EvidenceItem item;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((item = await host.WithDatabaseAsync(database => database.Evidence.AsNoTracking().SingleAsync())).State is not (EvidenceState.Available or EvidenceState.Quarantined))
        {
            await Task.Delay(200, patience.Token);
        }

        Assert.Equal(EvidenceState.Available, item.State);
        using var custodian = await host.StaffClientAsync(StaffRoles.Moderator, StaffRoles.EvidenceCustodian);
        var original = await custodian.GetByteArrayAsync($"/api/v1/moderation/reports/{item.ReportId}/evidence/{item.Id}/original?purpose=examination");
        Assert.Equal(sending.Photo, original);
        Assert.False(Directory.Exists(Path.Combine(host.DataDirectory, "evidence")));
    }

    private sealed class Host : IntakeHost
    {
        protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
        {
            ["Evidence:Store"] = "S3",
            ["Evidence:S3:Bucket"] = "evidence",
            ["Evidence:S3:ServiceUrl"] = Environment.GetEnvironmentVariable("TEST_S3"),
            ["Evidence:S3:AccessKey"] = Environment.GetEnvironmentVariable("TEST_S3_ACCESS_KEY"),
            ["Evidence:S3:SecretKey"] = Environment.GetEnvironmentVariable("TEST_S3_SECRET_KEY"),
            ["Evidence:S3:ForcePathStyle"] = "true",
            ["Evidence:S3:Prefix"] = $"test-{Guid.NewGuid():N}/",
        };
    }
}
