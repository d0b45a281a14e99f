using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Verbs;

/// <summary>
/// <c>restore DIR</c>: puts a backup into an empty data directory, every file compared with the manifest, and verifies the
/// ledger at the end. A file that is not what it was leaves the place empty again.
/// </summary>
internal sealed class Restore(ReportIntakeDbContext database, IOptions<DataDirectoryOptions> data, IOptions<EvidenceOptions> options, IOptions<KeyRingOptions> keyRing)
{
    /// <param name="Files">Of the evidence: blobs, and beside each the file of its wrapped key.</param>
    public sealed record Answer(DateTimeOffset TakenAt, int Files);

    public static Command Verb(IServiceProvider services)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "What \"backup\" made" };
        var evidence = new Option<bool>("--evidence") { Description = "Open every restored file too, as \"ledger verify --evidence\" does" };
        var restore = new Command("restore", "Puts a backup into an empty data directory and verifies its ledger.") { folder, evidence };
        restore.SetAction(async (parsed, cancellationToken) =>
        {
            Result<Answer> restored;
            await using (var scope = services.CreateAsyncScope())
            {
                restored = await ActivatorUtilities.CreateInstance<Restore>(scope.ServiceProvider).PutBackAsync(parsed.GetRequiredValue(folder).FullName, cancellationToken);
            }

            if (!restored.IsSuccess)
            {
                return VerbAnswer.Exit(restored.Error);
            }

            try
            {
                // That one secret opens shows that the key ring, and the certificate it may be encrypted to, belong to the data.
                await services.GetRequiredService<ReceiptHasher>().LoadAsync(cancellationToken);
                if (await LedgerVerbs.VerifyAsync(services, [], parsed.GetValue(evidence), cancellationToken) is not 0 and var flawed)
                {
                    return flawed;
                }
            }
            catch (FormatException foreign)
            {
                return VerbAnswer.Refuse(foreign.Message);
            }
            catch (CryptographicException closed)
            {
                return VerbAnswer.Refuse($"{closed.Message} All files are in place: once they can be opened, \"ledger verify --evidence\" is what is left to do.");
            }

            VerbAnswer.Print(restored.Value);
            return 0;
        });
        return restore;
    }

    public async Task<Result<Answer>> PutBackAsync(string folder, CancellationToken cancellationToken)
    {
        if (database is not SqliteReportIntakeDbContext || options.Value.Store is not EvidenceStoreKind.Disk)
        {
            return BackupManifest.Refused("restore is for SQLite and evidence on disk. SQL Server and S3 are restored by their own means: see the README.");
        }

        var read = await BackupManifest.ReadAsync(folder, cancellationToken);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        var manifest = read.Value;
        if (manifest.KeyRing != keyRing.Value.Store)
        {
            return BackupManifest.Refused($"This backup was taken with KeyRing:Store={manifest.KeyRing}: restore it with that, and the same certificate.");
        }
        if ((NotEmpty() ?? await KeysMissingAsync(folder, manifest, cancellationToken)) is { } refusal)
        {
            return refusal;
        }

        var place = data.Value.PathOf("");
        var made = new List<string>();
        try
        {
            if (await CopyAsync(folder, manifest, made, cancellationToken) is { } damage)
            {
                Undo(made);
                return damage;
            }
        }
        catch
        {
            Undo(made);
            throw;
        }

        DurableFile.FlushDirectoryOf(Path.Combine(place, "evidence"));
        DurableFile.FlushDirectoryOf(DatabaseFile);
        await ForgetUploadsAsync(manifest, cancellationToken);
        return new Answer(manifest.TakenAt, manifest.Evidence.Count);
    }

    private string DatabaseFile => new SqliteConnectionStringBuilder(database.Database.GetConnectionString()).DataSource;

    private Error? NotEmpty()
    {
        var place = data.Value.PathOf("");
        var there = Directory.EnumerateFileSystemEntries(place).FirstOrDefault(e => Path.GetFileName(e) is not BackupManifest.KeysFolder);
        return there is null && !File.Exists(DatabaseFile)
            ? null
            : BackupManifest.Refused($"A backup is restored to an empty place only: there is {there ?? DatabaseFile}.");
    }

    /// <summary>From the backup to an empty folder of keys, or all there already, put there by the operator.</summary>
    private async Task<Error?> KeysMissingAsync(string folder, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var ring = data.Value.PathOf(BackupManifest.KeysFolder);
        if (manifest.HoldsKeys && Directory.Exists(ring) && Directory.EnumerateFileSystemEntries(ring).Any())
        {
            return BackupManifest.Refused($"This backup has keys of its own, and there are some in {ring}.");
        }

        foreach (var key in manifest.Keys)
        {
            var path = Path.Combine(manifest.HoldsKeys ? Path.Combine(folder, BackupManifest.KeysFolder) : ring, key.Name);
            if (!File.Exists(path) || (await BackupObjects.HashAsync(path, cancellationToken)).Sha256 != key.Sha256)
            {
                return BackupManifest.Refused(manifest.HoldsKeys
                    ? $"The backup is damaged: its key {key.Name} is missing or not what it was."
                    : $"This backup holds no keys. Put the key ring that it was taken with into {ring} first: {key.Name} is missing or another.");
            }
        }

        return null;
    }

    private async Task<Error?> CopyAsync(string folder, BackupManifest manifest, List<string> made, CancellationToken cancellationToken)
    {
        var objects = new BackupObjects(folder);
        var evidence = data.Value.PathOf("evidence");
        made.Add(evidence);
        BackupObjects.MakeFolder(evidence);
        BlobFiles.MakeDirectories(evidence);
        foreach (var file in manifest.Evidence)
        {
            if (!BlobFiles.TryParse(file.Name, out var key))
            {
                return BackupManifest.Refused($"The manifest is damaged: {file.Name} is no evidence.");
            }

            var target = Path.Combine(Path.GetDirectoryName(BlobFiles.Of(evidence, key).Complete)!, file.Name);
            if (await OneAsync(file, target) is { } damage)
            {
                return damage;
            }

            File.SetLastWriteTimeUtc(target, new DateTime(file.WrittenAt, DateTimeKind.Utc)); // so that the next backup knows it again
        }

        foreach (var key in manifest.HoldsKeys ? manifest.Keys : [])
        {
            var ring = data.Value.PathOf(BackupManifest.KeysFolder);
            BackupObjects.MakeFolder(ring);
            made.Add(Path.Combine(ring, key.Name));
            await BackupObjects.CopyAsync(Path.Combine(folder, BackupManifest.KeysFolder, key.Name), made[^1], cancellationToken);
        }

        // Last, so that nothing serves before all of it is there.
        made.Add(DatabaseFile);
        return await OneAsync(manifest.Database, DatabaseFile);

        async Task<Error?> OneAsync(BackupFile file, string target)
        {
            var source = objects.PathOf(file.Sha256);
            return File.Exists(source) && (await BackupObjects.CopyAsync(source, target, cancellationToken)).Sha256 == file.Sha256
                ? null
                : BackupManifest.Refused($"The backup is damaged: {source} ({file.Name}) is missing or not what it was. Nothing was restored.");
        }
    }

    private static void Undo(List<string> made)
    {
        foreach (var path in made)
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Uploads that were under way have no bytes here: their senders are told that there is no such upload, and begin again.</summary>
    private async Task ForgetUploadsAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var held = manifest.Evidence.Select(f => f.Name).ToHashSet();
        foreach (var id in await database.Evidence.Where(e => e.State == EvidenceState.Uploading).Select(e => e.Id).ToListAsync(cancellationToken))
        {
            if (!held.Contains(BlobKey.Original(id).ToString()))
            {
                await database.Evidence.Where(e => e.Id == id && e.State == EvidenceState.Uploading).ExecuteDeleteAsync(cancellationToken);
            }
        }
    }
}
