using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>A disk store in a directory of its own that is removed at the end. <see cref="Restart"/> forgets all that is in memory.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("evidence-store-").FullName;
    private readonly DataProtectionKeyWrapper wrapper;

    public StoreFixture()
    {
        wrapper = new DataProtectionKeyWrapper(DataProtectionProvider.Create(new DirectoryInfo(Path.Combine(directory, "keys"))));
        Store = new DiskEvidenceStore(Root, wrapper);
    }

    public DiskEvidenceStore Store { get; private set; }

    public string Root => Path.Combine(directory, "evidence");

    public static BlobKey NewKey() => BlobKey.Original(Guid.CreateVersion7());

    public BlobFiles Files(BlobKey key) => BlobFiles.Of(Root, key);

    public void Restart()
    {
        Store.Dispose();
        Store = new DiskEvidenceStore(Root, wrapper);
    }

    /// <summary>Begins a blob, appends, and commits.</summary>
    public async Task GrowAsync(BlobKey key, ReadOnlyMemory<byte> content)
    {
        if (await Store.GetStatusAsync(key, default) is null)
        {
            Assert.True((await Store.BeginAsync(key, null, default)).IsSuccess);
        }

        await using var appender = await Store.OpenAppendAsync(key, default);
        Assert.True((await appender!.AppendAsync(new ReadOnlySequence<byte>(content))).IsSuccess);
        Assert.True((await appender.CommitAsync()).IsSuccess);
    }

    public async Task<SealedContent> CompleteAsync(BlobKey key)
    {
        await using var appender = await Store.OpenAppendAsync(key, default);
        return (await appender!.CompleteAsync(default)).Value;
    }

    public async Task<SealedContent> PutAsync(BlobKey key, ReadOnlyMemory<byte> content)
    {
        await GrowAsync(key, content);
        return await CompleteAsync(key);
    }

    public async Task<byte[]> ReadAsync(BlobKey key)
    {
        await using var stream = await Store.OpenReadAsync(key, default);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        Assert.Equal(stream.Length, copy.Length);
        return copy.ToArray();
    }

    public async Task<byte[]> HashReadAsync(BlobKey key)
    {
        await using var stream = await Store.OpenReadAsync(key, default);
        return await SHA256.HashDataAsync(stream!);
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
