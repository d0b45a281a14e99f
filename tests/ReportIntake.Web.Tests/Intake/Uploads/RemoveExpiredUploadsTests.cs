using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Jobs;

namespace ReportIntake.Web.Tests.Intake.Uploads;

public sealed class RemoveExpiredUploadsTests(IntakeHost host) : IClassFixture<IntakeHost>
{
    private readonly TusClient tus = new(host);

    [Fact]
    public async Task Execute_ExpiredUpload_IsGoneAndOthersStay()
    {
        var (expired, used, fresh) = (await tus.CreateAsync(10), await tus.CreateAsync(10), await tus.CreateAsync(10));
        var (expiredId, usedId, freshId) = ((await tus.ItemAsync(expired)).Id, (await tus.ItemAsync(used)).Id, (await tus.ItemAsync(fresh)).Id);
        var past = DateTimeOffset.UnixEpoch;
        Guid? report = Guid.CreateVersion7();
        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == expiredId || e.Id == usedId).ExecuteUpdateAsync(s => s.SetProperty(e => e.ExpiresAt, past)));
        await host.WithDatabaseAsync(d => d.Evidence.Where(e => e.Id == usedId).ExecuteUpdateAsync(s => s.SetProperty(e => e.ReportId, report)));
        using var gone = await tus.SendAsync("HEAD", expired);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);

        await RunAsync();
        await RunAsync();

        using var notFound = await tus.SendAsync("HEAD", expired);
        Assert.Equal(HttpStatusCode.NotFound, notFound.StatusCode);
        var store = host.Services.GetRequiredService<IEvidenceStore>();
        Assert.Null(await store.GetStatusAsync(BlobKey.Original(expiredId), default));
        Assert.NotNull(await store.GetStatusAsync(BlobKey.Original(usedId), default));
        Assert.NotNull(await store.GetStatusAsync(BlobKey.Original(freshId), default));
        Assert.Equal(0, await tus.OffsetAsync(fresh));
    }

    [Fact]
    public async Task Execute_BlobsWithoutARow_AreRemovedWhenADayOld()
    {
        var store = host.Services.GetRequiredService<IEvidenceStore>();
        _ = host.Client();
        var (old, young) = (BlobKey.Original(Guid.CreateVersion7()), BlobKey.Original(Guid.CreateVersion7()));
        await store.BeginAsync(old, null, default);
        await store.BeginAsync(young, null, default);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(host.DataDirectory, "evidence"), $"{old}*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddDays(-2));
        }

        await RunAsync();

        Assert.Null(await store.GetStatusAsync(old, default));
        Assert.NotNull(await store.GetStatusAsync(young, default));
    }

    private async Task RunAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RemoveExpiredUploads>().ExecuteAsync(default);
    }
}
