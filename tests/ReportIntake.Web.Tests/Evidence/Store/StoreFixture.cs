using System.Buffers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Evidence.Store.S3;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>A store of its own that is removed at the end, and its stored bytes. <see cref="Restart"/> forgets all that is in memory.</summary>
internal abstract class StoreFixture : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("evidence-store-").FullName;
    private ServiceProvider keys;

    protected StoreFixture()
    {
        keys = OpenKeys();
    }

    public abstract IEvidenceStore Store { get; }

    protected string Scratch => directory;

    protected IKeyWrapper Wrapper => new DataProtectionKeyWrapper(keys.GetRequiredService<IDataProtectionProvider>());

    public static BlobKey NewKey() => BlobKey.Original(Guid.CreateVersion7());

    public abstract void Restart();

    /// <summary>The file that a complete blob is kept in.</summary>
    public abstract string Sealed(BlobKey key);

    /// <summary>The file that a blob's wrapped key is kept in.</summary>
    public abstract string WrappedKey(BlobKey key);

    /// <summary>Every file that the store has made.</summary>
    public abstract IEnumerable<string> Everything();

    /// <summary>Damages a stored file. A server's own record of its hash goes, or the damage would look like one of the way.</summary>
    public static async Task OverwriteAsync(string path, byte[] bytes)
    {
        await File.WriteAllBytesAsync(path, bytes);
        File.Delete(path + ".md5");
    }

    /// <summary>Makes a new key the one that wraps.</summary>
    public void AddKey()
    {
        var now = TimeProvider.System.GetUtcNow();
        keys.GetRequiredService<IKeyManager>().CreateNewKey(now.AddMinutes(1), now.AddDays(90)); // the latest within the allowed clock skew is the one that wraps
        ReopenKeys();
    }

    /// <summary>Removes every key but the newest.</summary>
    public void RemoveOldKeys()
    {
        foreach (var old in new DirectoryInfo(KeyDirectory).EnumerateFiles("key-*.xml").OrderByDescending(f => f.LastWriteTimeUtc).Skip(1).ToList())
        {
            old.Delete();
        }

        ReopenKeys();
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

    public virtual void Dispose()
    {
        keys.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private string KeyDirectory => Path.Combine(directory, "keys");

    private ServiceProvider OpenKeys()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("ReportIntake").PersistKeysToFileSystem(Directory.CreateDirectory(KeyDirectory));
        return services.BuildServiceProvider();
    }

    private void ReopenKeys()
    {
        keys.Dispose();
        keys = OpenKeys();
        Restart();
    }
}

internal sealed class DiskStoreFixture : StoreFixture
{
    private DiskEvidenceStore store;

    public DiskStoreFixture() => store = new DiskEvidenceStore(Root, Wrapper);

    public override IEvidenceStore Store => store;

    public string Root => Path.Combine(Scratch, "evidence");

    public BlobFiles Files(BlobKey key) => BlobFiles.Of(Root, key);

    public override string Sealed(BlobKey key) => Files(key).Complete;

    public override string WrappedKey(BlobKey key) => Files(key).Key;

    public override IEnumerable<string> Everything() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories);

    public override void Restart()
    {
        store.Dispose();
        store = new DiskEvidenceStore(Root, Wrapper);
    }

    public override void Dispose()
    {
        store.Dispose();
        base.Dispose();
    }
}

/// <summary>A prefix of its own in a bucket; what reads the stored files needs the tests' own server.</summary>
internal sealed class S3StoreFixture : StoreFixture
{
    private readonly S3Server? server;
    private readonly S3Options options;
    private S3EvidenceStore store;

    public S3StoreFixture(S3Server server, int retries = 2)
        : this(server.Options($"t{Guid.NewGuid():n}/", retries)) => this.server = server;

    public S3StoreFixture(S3Options options)
    {
        this.options = options;
        store = AnotherNode();
    }

    public override IEvidenceStore Store => store;

    public override string Sealed(BlobKey key) => server!.FileOf(options.Prefix + S3Names.Of(key).Complete);

    public override string WrappedKey(BlobKey key) => server!.FileOf(options.Prefix + S3Names.Of(key).Key);

    public override IEnumerable<string> Everything() => server!.Files(options.Prefix);

    /// <summary>The store of another node, over the same objects.</summary>
    public S3EvidenceStore AnotherNode() => new(options, Wrapper);

    public override void Restart()
    {
        store.Dispose();
        store = AnotherNode();
    }

    public override void Dispose()
    {
        store.Dispose();
        base.Dispose();
    }
}
