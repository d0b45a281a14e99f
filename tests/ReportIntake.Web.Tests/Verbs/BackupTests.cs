using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Results;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Intake.Uploads;
using ReportIntake.Web.Verbs;

namespace ReportIntake.Web.Tests.Verbs;

/// <summary>A running program's data, copied and put back. How that goes under load: <see cref="BackupUnderLoadTests"/>.</summary>
public sealed class BackupTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly EmbeddedHost host = new();
    private readonly string scratch = Directory.CreateTempSubdirectory("reportintake-backup-").FullName;
    private readonly byte[] content = RandomNumberGenerator.GetBytes(100_000);
    private BlobKey blob;

    private string Folder => Path.Combine(scratch, "backup");

    private string Place => Path.Combine(scratch, "place");

    private IEvidenceStore Store => host.Services.GetRequiredService<IEvidenceStore>();

    public async Task InitializeAsync()
    {
        _ = host.Address;
        blob = await WriteAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(scratch, recursive: true);
    }

    [Fact]
    public async Task Take_Again_CopiesWhatIsNewAndForgetsWhatWasDestroyed()
    {
        var first = (await TakeAsync()).Value;
        await WriteAsync();
        var second = (await TakeAsync()).Value;
        await Store.DeleteAsync(blob, CancellationToken.None);
        var third = (await TakeAsync()).Value;

        Assert.Equal((2, 2), (first.Files, first.Copied)); // a blob and its key
        Assert.Equal((4, 2), (second.Files, second.Copied));
        Assert.Equal((2, 0), (third.Files, third.Copied));
        Assert.Equal(3, Objects().Length); // with the database
    }

    [Fact]
    public async Task Take_WithoutThenWithThenWithoutKeys_HoldsThemWhenAskedTo()
    {
        var keys = Path.Combine(Folder, "keys");

        await TakeAsync();
        Assert.False(Directory.Exists(keys));
        await TakeAsync(withKeys: true);
        Assert.NotEmpty(Directory.GetFiles(keys));
        await TakeAsync();
        Assert.Empty(Directory.GetFiles(keys));
    }

    [Fact]
    public async Task Take_OriginalGoneFromTheStore_SaysWhich()
    {
        var tus = new TusClient(host);
        var path = await tus.CreateAsync(10, "foto.jpg", "image/jpeg");
        using var sent = await tus.PatchAsync(path, 0, new byte[10]);
        var id = (await tus.ItemAsync(path)).Id;
        await Store.DeleteAsync(BlobKey.Original(id), CancellationToken.None);

        Assert.Equal([id], (await TakeAsync()).Value.Missing);
    }

    [Fact]
    public async Task Take_FolderOfSomethingElse_Refused()
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "letter.txt"), "");

        Assert.Contains("letter.txt", (await TakeAsync()).Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutBack_WithKeys_BlobsOpenAndUploadsUnderWayAreForgotten()
    {
        _ = await new TusClient(host).CreateAsync(10);
        await TakeAsync(withKeys: true);

        var restored = await PutBackAsync();

        Assert.True(restored.IsSuccess, restored.Error?.Message);
        Assert.Equal(await File.ReadAllBytesAsync(FileOf(host.DataDirectory)), await File.ReadAllBytesAsync(FileOf(Place)));
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Evidence.CountAsync()));
        Assert.Equal(0, await StoredData.ReadAsync(Place, d => d.Evidence.CountAsync()));
    }

    [Fact]
    public async Task PutBack_AnyFileDamaged_RefusedAndThePlaceIsEmpty()
    {
        await TakeAsync(withKeys: true);
        foreach (var file in Objects())
        {
            var intact = await File.ReadAllBytesAsync(file);
            var damaged = intact.ToArray();
            damaged[RandomNumberGenerator.GetInt32(damaged.Length)] ^= 1;
            await File.WriteAllBytesAsync(file, damaged);

            var refused = await PutBackAsync();

            Assert.Contains(Path.GetFileName(file), refused.Error?.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(Place, "*", SearchOption.AllDirectories));
            await File.WriteAllBytesAsync(file, intact);
        }

        Assert.True((await PutBackAsync()).IsSuccess);
    }

    [Fact]
    public async Task PutBack_PlaceNotEmpty_RefusedAndNothingTouched()
    {
        await TakeAsync(withKeys: true);
        Directory.CreateDirectory(Place);
        await File.WriteAllTextAsync(Path.Combine(Place, "reportintake.db"), "kept");

        Assert.Contains("empty", (await PutBackAsync()).Error?.Message, StringComparison.Ordinal);
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(Place, "reportintake.db")));
    }

    [Fact]
    public async Task PutBack_BackupWithoutKeys_WaitsForTheKeyRing()
    {
        await TakeAsync();

        var without = await PutBackAsync();
        foreach (var key in Directory.GetFiles(Path.Combine(host.DataDirectory, "keys")))
        {
            File.Copy(key, Path.Combine(Directory.CreateDirectory(Path.Combine(Place, "keys")).FullName, Path.GetFileName(key)));
        }

        Assert.Contains("holds no keys", without.Error?.Message, StringComparison.Ordinal);
        Assert.True((await PutBackAsync()).IsSuccess);
    }

    [Theory]
    [InlineData(null, "no manifest.json")]
    [InlineData("{", "damaged")]
    [InlineData("{\"format\":1}", "damaged")]
    [InlineData("{\"format\":2}", "format 2")]
    [InlineData("""{"format":1,"database":{"name":"a","size":1,"sha256":"00"},"evidence":[],"keys":[]}""", "damaged")]
    public async Task PutBack_NoManifestOrABadOne_Refused(string? manifest, string reason)
    {
        Directory.CreateDirectory(Folder);
        if (manifest is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, "manifest.json"), manifest);
        }

        Assert.Contains(reason, (await PutBackAsync()).Error?.Message, StringComparison.Ordinal);
    }

    private async Task<BlobKey> WriteAsync()
    {
        var key = BlobKey.Original(Guid.CreateVersion7());
        Assert.True((await Store.WriteAsync(key, new MemoryStream(content), CancellationToken.None)).IsSuccess);
        return key;
    }

    private string FileOf(string directory) => Directory.GetFiles(directory, blob.ToString(), SearchOption.AllDirectories).Single();

    private string[] Objects() => Directory.GetFiles(Path.Combine(Folder, "objects"), "*", SearchOption.AllDirectories);

    private async Task<Result<Backup.Answer>> TakeAsync(bool withKeys = false)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await ActivatorUtilities.CreateInstance<Backup>(scope.ServiceProvider).TakeAsync(Folder, withKeys, CancellationToken.None);
    }

    private async Task<Result<Restore.Answer>> PutBackAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ReportIntake:DataDirectory"] = Place }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
        services.AddPersistence(configuration);
        await using var provided = services.BuildServiceProvider();
        await using var scope = provided.CreateAsyncScope();
        var restore = new Restore(
            scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>(), provided.GetRequiredService<IOptions<DataDirectoryOptions>>(), Options.Create(new EvidenceOptions()), Options.Create(new KeyRingOptions()));
        return await restore.PutBackAsync(Folder, CancellationToken.None);
    }
}
