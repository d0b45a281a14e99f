using System.Buffers;
using System.Security.Cryptography;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>What every store promises, whatever it keeps its bytes in.</summary>
public abstract class EvidenceStoreContract : IDisposable
{
    private const int Segment = SealedBlobFormat.SegmentSize;

    private protected EvidenceStoreContract(StoreFixture fixture) => this.fixture = fixture;

    private readonly StoreFixture fixture;

    public static TheoryData<int> Sizes => [0, 1, Segment - 1, Segment, Segment + 1, 2 * Segment, (7 * Segment) + 5, (11 * 1024 * 1024) + 77];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Append_InRandomPiecesWithRestarts_GivesBackEveryByteAndItsHashes(int size)
    {
        var random = new Random(size);
        var content = RandomNumberGenerator.GetBytes(size);
        var key = StoreFixture.NewKey();
        Assert.True((await fixture.Store.BeginAsync(key, size, default)).IsSuccess);
        for (var at = 0; at < size;)
        {
            var piece = random.Next(4) switch { 0 => random.Next(1, 100), 1 => Segment - (at % Segment), 2 => random.Next(1, Segment), _ => random.Next(1, size + 1) };
            piece = Math.Min(piece, size - at);
            await fixture.GrowAsync(key, content.AsMemory(at, piece));
            at += piece;
            if (random.Next(2) == 0)
            {
                fixture.Restart();
            }

            Assert.Equal(new BlobStatus(at, false), await fixture.Store.GetStatusAsync(key, default));
        }

        var told = await fixture.CompleteAsync(key);

        Assert.Equal(new BlobStatus(size, true), await fixture.Store.GetStatusAsync(key, default));
        Assert.Equal(content, await fixture.ReadAsync(key));
        Assert.Equal(size, told.Size);
        Assert.Equal(SHA256.HashData(content), told.Sha256);
        var read = await fixture.Store.HashAsync(key, default);
        Assert.Equal((told.Size, Convert.ToHexString(told.Sha256)), (read.Size, Convert.ToHexString(read.Sha256)));
        Assert.All(fixture.Everything(), file => Assert.DoesNotContain(".growing", file, StringComparison.Ordinal));
        Assert.All(fixture.Everything(), file => Assert.False(file.EndsWith(".part", StringComparison.Ordinal) || file.EndsWith(".tail", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Append_NotCommitted_IsForgotten()
    {
        var key = StoreFixture.NewKey();
        var content = RandomNumberGenerator.GetBytes(5 * Segment);
        await fixture.GrowAsync(key, content.AsMemory(0, 1000));
        await using (var appender = await fixture.Store.OpenAppendAsync(key, default))
        {
            await appender!.AppendAsync(new ReadOnlySequence<byte>(RandomNumberGenerator.GetBytes(4 * Segment)));
        }

        Assert.Equal(new BlobStatus(1000, false), await fixture.Store.GetStatusAsync(key, default));
        await fixture.GrowAsync(key, content.AsMemory(1000));
        var told = await fixture.CompleteAsync(key);

        Assert.Equal(SHA256.HashData(content), told.Sha256);
        Assert.Equal(content, await fixture.ReadAsync(key));
    }

    [Fact]
    public async Task OpenAppend_AlreadyOpen_IsRefused()
    {
        var key = StoreFixture.NewKey();
        await fixture.Store.BeginAsync(key, null, default);
        await using var first = await fixture.Store.OpenAppendAsync(key, default);

        await Assert.ThrowsAnyAsync<IOException>(() => fixture.Store.OpenAppendAsync(key, default));
    }

    [Fact]
    public async Task Write_Again_ReplacesTheBlob()
    {
        var key = BlobKey.Thumbnail(Guid.CreateVersion7());
        var second = RandomNumberGenerator.GetBytes(Segment + 3);
        await fixture.Store.WriteAsync(key, new MemoryStream(RandomNumberGenerator.GetBytes(200_000)), default);

        await fixture.Store.WriteAsync(key, new MemoryStream(second), default);

        Assert.Equal(second, await fixture.ReadAsync(key));
    }

    [Fact]
    public async Task OpenRead_SeekAnywhere_GivesThoseBytes()
    {
        var random = new Random(1);
        var content = RandomNumberGenerator.GetBytes((20 * Segment) + 11);
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, content);
        await using var stream = await fixture.Store.OpenReadAsync(key, default);
        var buffer = new byte[3 * Segment];
        for (var i = 0; i < 300; i++)
        {
            var at = random.Next(content.Length);
            var take = Math.Min(random.Next(1, buffer.Length), content.Length - at);
            stream!.Seek(at, SeekOrigin.Begin);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, take));

            Assert.True(content.AsSpan(at, take).SequenceEqual(buffer.AsSpan(0, take)));
        }
    }

    [Fact]
    public async Task Delete_GrowingOrComplete_LeavesNoFile()
    {
        var (growing, complete) = (StoreFixture.NewKey(), StoreFixture.NewKey());
        await fixture.GrowAsync(growing, new byte[100]);
        await fixture.PutAsync(complete, new byte[100]);
        Assert.Equal(2, await fixture.Store.ListAsync(default).CountAsync());

        await fixture.Store.DeleteAsync(growing, default);
        await fixture.Store.DeleteAsync(complete, default);
        await fixture.Store.DeleteAsync(complete, default);

        Assert.DoesNotContain(fixture.Everything(), f => f.Contains($"{growing}", StringComparison.Ordinal) || f.Contains($"{complete}", StringComparison.Ordinal));
        Assert.Null(await fixture.Store.OpenReadAsync(complete, default));
    }

    [Fact]
    public async Task Files_GrowingAndComplete_HoldNoPlaintext()
    {
        var pattern = "recognisable evidence pattern"u8.ToArray();
        var content = Enumerable.Repeat(pattern, 10_000).SelectMany(b => b).ToArray();
        await fixture.GrowAsync(StoreFixture.NewKey(), content);
        await fixture.PutAsync(StoreFixture.NewKey(), content);
        await fixture.Store.WriteAsync(BlobKey.WorkingCopy(Guid.CreateVersion7()), new MemoryStream(content), default);

        foreach (var file in fixture.Everything())
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(pattern.AsSpan(0, 8)));
        }
    }

    /// <summary>Written whole, but too large for one request to S3.</summary>
    [Fact]
    public async Task Write_Large_GivesBackEveryByte()
    {
        var key = BlobKey.WorkingCopy(Guid.CreateVersion7());
        var content = RandomNumberGenerator.GetBytes((12 * 1024 * 1024) + 5);

        Assert.True((await fixture.Store.WriteAsync(key, new MemoryStream(content), default)).IsSuccess);

        Assert.Equal(content, await fixture.ReadAsync(key));
        Assert.Equal(new BlobStatus(content.Length, true), await fixture.Store.GetStatusAsync(key, default));
    }

    [Fact]
    public async Task Write_SourceFailsInTheMiddle_LeavesTheEarlierBlob()
    {
        var key = BlobKey.Thumbnail(Guid.CreateVersion7());
        var earlier = RandomNumberGenerator.GetBytes(1000);
        await fixture.Store.WriteAsync(key, new MemoryStream(earlier), default);

        await Assert.ThrowsAsync<InvalidDataException>(() => fixture.Store.WriteAsync(key, new BreakingStream(), default));

        Assert.Equal(earlier, await fixture.ReadAsync(key));
    }

    [Fact]
    public async Task Rewrap_AfterANewKey_OldKeyMayGoAndContentIsUntouched()
    {
        var (complete, growing) = (StoreFixture.NewKey(), StoreFixture.NewKey());
        var content = RandomNumberGenerator.GetBytes((3 * Segment) + 1);
        await fixture.PutAsync(complete, content);
        await fixture.GrowAsync(growing, content.AsMemory(0, Segment + 5));
        var stored = await File.ReadAllBytesAsync(fixture.Sealed(complete));
        var written = File.GetLastWriteTimeUtc(fixture.Sealed(complete));
        fixture.AddKey();

        var first = await fixture.Store.RewrapAsync(default);
        var second = await fixture.Store.RewrapAsync(default);
        fixture.RemoveOldKeys();

        Assert.Equal((new RewrapCount(2, 0), new RewrapCount(0, 2)), (first, second));
        Assert.Equal(stored, await File.ReadAllBytesAsync(fixture.Sealed(complete)));
        Assert.Equal(written, File.GetLastWriteTimeUtc(fixture.Sealed(complete)));
        Assert.Equal(content, await fixture.ReadAsync(complete));
        await fixture.GrowAsync(growing, content.AsMemory(Segment + 5));
        Assert.Equal(SHA256.HashData(content), (await fixture.CompleteAsync(growing)).Sha256);
    }

    [Fact]
    public async Task RemoveOldKeys_NotRewrapped_IsNoticed()
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, new byte[10]);
        fixture.AddKey();
        fixture.RemoveOldKeys();

        var thrown = await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(key));

        Assert.Contains("key ring", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(key, thrown.Key);
    }

    public virtual void Dispose()
    {
        fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives a while, then fails.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ++reads < 50 ? ValueTask.FromResult(buffer.Length) : throw new InvalidDataException();
    }
}
