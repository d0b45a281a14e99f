using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Evidence.Store.S3;

namespace ReportIntake.Web.Tests.Evidence.Store;

public sealed class S3EvidenceStoreTests(S3Server server) : EvidenceStoreContract(new S3StoreFixture(server)), IClassFixture<S3Server>
{
    [Fact]
    public void Options_WrongInEveryWay_OneMessageForEach()
    {
        var evidence = Options.Create(new EvidenceOptions { Store = EvidenceStoreKind.S3 });
        var wrong = new S3Options { ServiceUrl = new Uri("ftp://example.org"), Region = "", AccessKey = "only", Prefix = "/x", Retries = -1, Timeout = TimeSpan.Zero };

        var result = new S3OptionsValidator(evidence).Validate(null, wrong);

        Assert.Equal(
            ["Evidence:S3:Bucket", "Evidence:S3:ServiceUrl", "Evidence:S3:Region", "Evidence:S3:AccessKey", "Evidence:S3:Prefix", "Evidence:S3:Retries", "Evidence:S3:Timeout"],
            result.Failures!.Select(f => f.Split(' ')[0]));
    }

    [Fact]
    public void Options_StoreIsDisk_AreNotLookedAt() =>
        Assert.True(new S3OptionsValidator(Options.Create(new EvidenceOptions())).Validate(null, new S3Options()).Skipped);
}

/// <summary>The server goes away in the middle. Each test has one of its own.</summary>
public sealed class S3AwayTests : IDisposable
{
    private readonly S3Server server = new();
    private readonly byte[] content = RandomNumberGenerator.GetBytes((13 * 1024 * 1024) + 7);

    [Fact]
    public async Task Append_AwayInTheMiddle_RefusedThenGoesOnFromTheLastCommit()
    {
        using var fixture = new S3StoreFixture(server, retries: 0);
        var key = StoreFixture.NewKey();
        var committed = 6 * 1024 * 1024;
        Assert.True((await fixture.Store.BeginAsync(key, content.Length, default)).IsSuccess);
        await using (var appender = await fixture.Store.OpenAppendAsync(key, default))
        {
            await appender!.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(0, committed)));
            Assert.True((await appender.CommitAsync()).IsSuccess);
            await appender.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(committed, 1000)));
            server.Stop();

            Assert.Equal("storage_unavailable", (await appender.CommitAsync()).Error?.Code);
            Assert.Equal("storage_unavailable", (await appender.CompleteAsync(default)).Error?.Code);
            Assert.Equal(committed, appender.DurableLength);
        }

        Assert.Equal("storage_unavailable", (await fixture.Store.BeginAsync(StoreFixture.NewKey(), null, default)).Error?.Code);
        Assert.Equal("storage_unavailable", (await fixture.Store.WriteAsync(StoreFixture.NewKey(), new MemoryStream(new byte[9]), default)).Error?.Code);
        await Assert.ThrowsAsync<EvidenceStoreUnavailableException>(() => fixture.Store.GetStatusAsync(key, default));
        server.Start();
        fixture.Restart();
        Assert.Equal(new BlobStatus(committed, false), await fixture.Store.GetStatusAsync(key, default));
        await fixture.GrowAsync(key, content.AsMemory(committed));
        Assert.Equal(SHA256.HashData(content), (await fixture.CompleteAsync(key)).Sha256);
        Assert.Equal(content, await fixture.ReadAsync(key));
    }

    [Fact]
    public async Task Commit_AwayForAMoment_IsTriedAgain()
    {
        using var fixture = new S3StoreFixture(server, retries: 10);
        var key = StoreFixture.NewKey();
        await fixture.Store.BeginAsync(key, null, default);
        await using var appender = await fixture.Store.OpenAppendAsync(key, default);
        await appender!.AppendAsync(new ReadOnlySequence<byte>(content));
        server.Stop();
        var commit = appender.CommitAsync();
        server.Start();

        Assert.True((await commit).IsSuccess);
        Assert.Equal(content.Length, appender.DurableLength);
    }

    [Fact]
    public async Task Read_AwayInTheMiddle_SaysSo()
    {
        using var fixture = new S3StoreFixture(server, retries: 0);
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, content);
        await using var stream = await fixture.Store.OpenReadAsync(key, default);
        await stream!.ReadExactlyAsync(new byte[100]);
        server.Stop();
        stream.Seek(content.Length / 2, SeekOrigin.Begin);

        await Assert.ThrowsAsync<EvidenceStoreUnavailableException>(async () => await stream.ReadExactlyAsync(new byte[100]));
        server.Start();
        stream.Seek(content.Length / 2, SeekOrigin.Begin);
        var read = new byte[100];
        await stream.ReadExactlyAsync(read);
        Assert.Equal(content.AsSpan(content.Length / 2, 100).ToArray(), read);
    }

    public void Dispose() => server.Dispose();
}
