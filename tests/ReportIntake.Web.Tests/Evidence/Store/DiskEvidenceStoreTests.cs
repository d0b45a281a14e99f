using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

public sealed class DiskEvidenceStoreTests : EvidenceStoreContract
{
    private readonly DiskStoreFixture fixture;

    public DiskEvidenceStoreTests() : this(new DiskStoreFixture())
    {
    }

    private DiskEvidenceStoreTests(DiskStoreFixture fixture) : base(fixture) => this.fixture = fixture;

    [Fact]
    public async Task Begin_LargerThanTheDisk_IsRefusedAndLeavesNothing()
    {
        var key = StoreFixture.NewKey();

        var result = await fixture.Store.BeginAsync(key, long.MaxValue, default);

        Assert.Equal("storage_full", result.Error!.Code);
        Assert.Null(await fixture.Store.GetStatusAsync(key, default));
    }

    [Fact]
    public async Task Delete_CrashWhileAKeyWasReplaced_LeavesNoFile()
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, new byte[10]);
        File.Copy(fixture.Files(key).Key, fixture.Files(key).NewKey);
        Assert.Equal(key, Assert.Single(await fixture.Store.ListAsync(default).ToListAsync()).Key);

        await fixture.Store.DeleteAsync(key, default);

        Assert.Empty(fixture.Everything());
    }

    /// <summary>What is as old as that and has no row is removed as an orphan: an upload that had just begun.</summary>
    [Fact]
    public async Task List_FilesComeAndGoMeanwhile_NoneIsOlderThanItIs()
    {
        const int Lists = 300;
        var (began, done) = (TimeProvider.System.GetUtcNow(), false);
        var coming = Task.Run(() =>
        {
            var files = fixture.Files(StoreFixture.NewKey());
            while (!Volatile.Read(ref done))
            {
                File.WriteAllBytes(files.NewKey, [1]);
                File.Delete(files.NewKey);
            }
        });
        var seen = new List<BlobEntry>();
        for (var i = 0; i < Lists; i++)
        {
            seen.AddRange(await fixture.Store.ListAsync(default).ToListAsync());
        }

        Volatile.Write(ref done, true);
        await coming;
        Assert.All(seen, entry => Assert.True(entry.LastWrite > began.AddMinutes(-1), $"{entry.LastWrite:O}"));
    }
}
