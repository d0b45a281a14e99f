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
}
