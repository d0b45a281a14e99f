using System.Buffers;
using System.Security.Cryptography;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Evidence.Store.S3;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>Two nodes over one bucket: an upload's requests may come to either, also while the other still believes that it writes.</summary>
public sealed class S3NodesTests(S3Place place) : IClassFixture<S3Place>, IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly S3StoreFixture fixture = new(place.Options);
    private readonly byte[] content = RandomNumberGenerator.GetBytes((21 * MiB) + 13);
    private readonly BlobKey key = StoreFixture.NewKey();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Append_NodesInTurn_GoesOnWhereTheOtherStopped()
    {
        using var other = fixture.AnotherNode();
        IEvidenceStore[] nodes = [fixture.Store, other];
        await fixture.Store.BeginAsync(key, content.Length, default);
        int[] ends = [100, 700_000, 3 * MiB, (3 * MiB) + 1, 9 * MiB, 20 * MiB, content.Length];
        var at = 0;
        foreach (var (i, end) in ends.Index())
        {
            Assert.Equal(new BlobStatus(at, false), await nodes[(i + 1) % 2].GetStatusAsync(key, default));
            await using var appender = await nodes[i % 2].OpenAppendAsync(key, default);
            Assert.True((await AppendAsync(appender!, at, end)).IsSuccess);
            at = end;
        }

        await CompletesAsync(other);
    }

    /// <summary>A phone has changed its network; the node that holds its dead connection notices late.</summary>
    [Fact]
    public async Task Commit_OfAWriterThatWasLeft_IsRefusedAndHarmsNothing()
    {
        using var other = fixture.AnotherNode();
        await fixture.GrowAsync(key, content.AsMemory(0, 6 * MiB));
        await using (var left = await fixture.Store.OpenAppendAsync(key, default))
        {
            Assert.True((await left!.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(6 * MiB, 9 * MiB)))).IsSuccess);
            await using (var appender = await other.OpenAppendAsync(key, default))
            {
                Assert.True((await AppendAsync(appender!, 6 * MiB, 18 * MiB)).IsSuccess);
            }

            Assert.Equal("storage_unavailable", (await AppendAsync(left, 15 * MiB, 16 * MiB)).Error?.Code);
        }

        Assert.Equal(new BlobStatus(18 * MiB, false), await fixture.Store.GetStatusAsync(key, default));
        await using (var appender = await fixture.Store.OpenAppendAsync(key, default))
        {
            Assert.True((await AppendAsync(appender!, 18 * MiB, content.Length)).IsSuccess);
        }

        await CompletesAsync(other);
    }

    [Fact]
    public async Task Complete_WhileAnotherNodeWrites_TheCompleteOneStands()
    {
        using var other = fixture.AnotherNode();
        await fixture.GrowAsync(key, content.AsMemory(0, 12 * MiB));
        await using (var left = await fixture.Store.OpenAppendAsync(key, default))
        {
            await left!.AppendAsync(new ReadOnlySequence<byte>(RandomNumberGenerator.GetBytes(9 * MiB)));
            await using (var appender = await other.OpenAppendAsync(key, default))
            {
                await appender!.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(12 * MiB)));
                Assert.Equal(SHA256.HashData(content), (await appender.CompleteAsync(default)).Value.Sha256);
            }

            Assert.False((await left.CompleteAsync(default)).IsSuccess);
        }

        Assert.Equal(content, await fixture.ReadAsync(key));
        await fixture.Store.DeleteAsync(key, default);
        Assert.DoesNotContain(await place.NamesAsync(), f => f.Contains($"{key}", StringComparison.Ordinal));
    }

    private async Task<Domain.Results.Result> AppendAsync(IBlobAppender appender, int from, int to)
    {
        var appended = await appender.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(from, to - from)));
        return appended.IsSuccess ? await appender.CommitAsync() : appended;
    }

    private async Task CompletesAsync(S3EvidenceStore node)
    {
        await using (var appender = await node.OpenAppendAsync(key, default))
        {
            Assert.Equal(SHA256.HashData(content), (await appender!.CompleteAsync(default)).Value.Sha256);
        }

        Assert.Equal(content, await fixture.ReadAsync(key));
    }
}
