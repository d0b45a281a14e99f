using System.Buffers;
using System.Security.Cryptography;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>Every state that a crash may leave on disk: what was committed is there, and the upload goes on from it.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Segment = SealedBlobFormat.SegmentSize;

    private readonly DiskStoreFixture fixture = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes((6 * Segment) + 123);

    /// <summary>The tail slot that a crash tears: cut short anywhere, or holding garbage from some byte on.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(40, false)]
    [InlineData(3000, true)]
    [InlineData(4096, true)]
    [InlineData(5057, true)]
    [InlineData(5058, true)]
    public async Task OpenAppend_NewestTailTorn_StandsAtTheCommitBefore(int whole, bool garbage)
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content.AsMemory(0, Segment + 10)); // generation 1, second slot
        await fixture.GrowAsync(key, content.AsMemory(Segment + 10, (2 * Segment) + 5000)); // generation 2, first slot
        await using (var file = File.Open(fixture.Files(key).Tail, FileMode.Open))
        {
            var at = Math.Min(whole, TailFile.SlotSize);
            file.Position = at;
            file.Write(garbage ? RandomNumberGenerator.GetBytes(TailFile.SlotSize - at) : new byte[TailFile.SlotSize - at]);
        }

        // The slot's 5010 bytes of content, and 48 around them: what lies behind is no loss.
        var kept = whole >= 5058 ? (3 * Segment) + 5010 : Segment + 10;
        await ResumesFromAsync(key, kept);
    }

    [Fact]
    public async Task OpenAppend_FirstTailTorn_StandsAtTheBeginning()
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content.AsMemory(0, 500));
        await using (var file = File.OpenWrite(fixture.Files(key).Tail))
        {
            file.SetLength(TailFile.SlotSize + 100);
        }

        await ResumesFromAsync(key, 0);
    }

    [Fact]
    public async Task OpenAppend_GarbageBehindTheDurableEnd_IsOverwritten()
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content.AsMemory(0, (2 * Segment) + 10));
        await using (var file = File.OpenWrite(fixture.Files(key).Part))
        {
            file.Position = SealedBlobFormat.OffsetOf(2);
            file.Write(RandomNumberGenerator.GetBytes(20 * Segment));
        }

        await ResumesFromAsync(key, (2 * Segment) + 10);
    }

    [Fact]
    public async Task GetStatus_CrashBetweenRenameAndCleaning_IsComplete()
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content);
        var tail = await File.ReadAllBytesAsync(fixture.Files(key).Tail);
        await fixture.CompleteAsync(key);
        await File.WriteAllBytesAsync(fixture.Files(key).Tail, tail);
        fixture.Restart();

        Assert.Equal(new BlobStatus(content.Length, true), await fixture.Store.GetStatusAsync(key, default));
        Assert.Null(await fixture.Store.OpenAppendAsync(key, default));
        Assert.Equal(content, await fixture.ReadAsync(key));
    }

    [Fact]
    public async Task GetStatus_CrashBeforeRename_IsTheLastCommit()
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content.AsMemory(0, 3 * Segment));
        var files = fixture.Files(key);
        var tail = await File.ReadAllBytesAsync(files.Tail);
        await fixture.CompleteAsync(key);
        File.Move(files.Complete, files.Part);
        await File.WriteAllBytesAsync(files.Tail, tail);
        fixture.Restart();

        await ResumesFromAsync(key, 3 * Segment);
    }

    [Fact]
    public async Task OpenAppend_CommittedSegmentsMissing_IsDamage()
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content.AsMemory(0, 3 * Segment));
        await using (var file = File.OpenWrite(fixture.Files(key).Part))
        {
            file.SetLength(SealedBlobFormat.OffsetOf(1));
        }

        fixture.Restart();

        await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.Store.OpenAppendAsync(key, default));
    }

    [Fact]
    public async Task Complete_CommittedSegmentDamagedAndHashesLost_IsNoticed()
    {
        var key = StoreFixture.NewKey();
        await fixture.GrowAsync(key, content);
        await using (var file = File.OpenWrite(fixture.Files(key).Part))
        {
            file.Position = SealedBlobFormat.OffsetOf(2) + 99;
            file.Write(new byte[8]);
        }

        fixture.Restart();

        await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.CompleteAsync(key));
    }

    [Fact]
    public async Task Commit_ManyTimes_NeverReusesANonce()
    {
        var key = StoreFixture.NewKey();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 200; i++)
        {
            await fixture.GrowAsync(key, content.AsMemory(i, 1));
            var tail = await File.ReadAllBytesAsync(fixture.Files(key).Tail);
            var slot = (i + 1) % 2 * TailFile.SlotSize;

            Assert.True(seen.Add(Convert.ToHexString(tail.AsSpan(slot, SealedBlobFormat.NonceSize))));
        }
    }

    public void Dispose() => fixture.Dispose();

    private async Task ResumesFromAsync(BlobKey key, long length)
    {
        fixture.Restart();
        Assert.Equal(new BlobStatus(length, false), await fixture.Store.GetStatusAsync(key, default));
        await using (var appender = await fixture.Store.OpenAppendAsync(key, default))
        {
            Assert.Equal(length, appender!.DurableLength);
            await appender.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory((int)length)));
            Assert.Equal(SHA256.HashData(content), (await appender.CompleteAsync(default)).Value.Sha256);
        }

        Assert.Equal(content, await fixture.ReadAsync(key));
    }
}
