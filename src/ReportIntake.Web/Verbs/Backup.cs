using System.CommandLine;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sqlite;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Verbs;

/// <summary>
/// <c>backup DIR</c>: the embedded default's database, evidence and, if asked for, keys, while the service goes on. Taken again
/// into the same folder it copies what is new and forgets what was destroyed.
/// </summary>
/// <remarks>
/// The database first, by SQLite's online backup, which is of one moment; the evidence after it. A blob is durable before its
/// row is, so every blob of that moment is found, unless it was destroyed in between: then all is read once more, and the
/// newer database does not know it. The key ring's files last, because a key is kept before it is used; a ring in the database is in that moment's copy. Uploads that
/// are under way are left out: a copy of a growing file is of no moment, and their senders begin again.
/// </remarks>
internal sealed class Backup(
    ReportIntakeDbContext database, IOptions<DataDirectoryOptions> data, IOptions<EvidenceOptions> options, IOptions<KeyRingOptions> keyRing, TimeProvider clock)
{
    /// <summary>Evidence is destroyed by a nightly job; that it goes on for so many readings is out of the ordinary.</summary>
    private const int Readings = 5;

    /// <param name="Files">Of the evidence: blobs, and beside each the file of its wrapped key.</param>
    /// <param name="Copied">Those of them that the folder did not have yet.</param>
    /// <param name="Removed">Files, the earlier database among them, that no longer belong to the backup.</param>
    /// <param name="Keys">Whether the key ring is in it: in files, as asked for, or in the database, encrypted to its certificate.</param>
    /// <param name="Manifest">SHA-256 of the manifest.</param>
    /// <param name="Missing">Evidence items whose original the store itself has lost.</param>
    public sealed record Answer(DateTimeOffset TakenAt, int Files, int Copied, int Removed, bool Keys, string Manifest, IReadOnlyList<Guid> Missing);

    public static Command Verb(IServiceProvider services)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Made if missing; a backup that is there is brought up to date" };
        var withKeys = new Option<bool>("--with-keys") { Description = "Put the key ring into DIR/keys too: whoever has DIR can then read everything" };
        var backup = new Command("backup", "Copies database and evidence to DIR while the service goes on.") { folder, withKeys };
        backup.SetAction(async (parsed, cancellationToken) =>
        {
            await using var scope = services.CreateAsyncScope();
            var taken = await ActivatorUtilities.CreateInstance<Backup>(scope.ServiceProvider).TakeAsync(parsed.GetRequiredValue(folder).FullName, parsed.GetValue(withKeys), cancellationToken);
            if (!taken.IsSuccess)
            {
                return VerbAnswer.Exit(taken.Error);
            }

            VerbAnswer.Print(taken.Value);
            if (Reminder(scope.ServiceProvider.GetRequiredService<IOptions<KeyRingOptions>>().Value, parsed.GetValue(withKeys)) is { } reminder)
            {
                await Console.Error.WriteLineAsync(reminder);
            }

            return taken.Value.Missing.Count == 0
                ? 0
                : VerbAnswer.Refuse([.. taken.Value.Missing.Select(id => $"Evidence {id}: the original is missing from the store, and so from the backup. All else is in it.")]);
        });
        return backup;
    }

    /// <summary>What else must be kept for anything of it to be readable; null where all is in it, as was asked for.</summary>
    private static string? Reminder(KeyRingOptions ring, bool withKeys) => (ring.Store, withKeys, string.IsNullOrWhiteSpace(ring.Certificate)) switch
    {
        (KeyRingStore.Directory, false, _) => "This backup holds no keys: without a copy of the data directory's folder keys nothing in it can ever be read. Keep one, apart from it.",
        (_, _, false) => "The keys in this backup are encrypted to KeyRing:Certificate: without it and its password nothing in it can ever be read. Keep a copy of both, apart from it.",
        _ => null,
    };

    public async Task<Result<Answer>> TakeAsync(string folder, bool withKeys, CancellationToken cancellationToken)
    {
        if (Refusal(folder) is { } refusal)
        {
            return refusal;
        }

        var inDatabase = keyRing.Value.Store is KeyRingStore.Database;
        withKeys &= !inDatabase;
        BackupObjects.MakeFolder(folder);
        await using var alone = new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        var earlier = File.Exists(Path.Combine(folder, BackupManifest.FileName)) ? await BackupManifest.ReadAsync(folder, cancellationToken) : default(Result<BackupManifest>?);
        if (earlier is { IsSuccess: false } unreadable)
        {
            return unreadable.Error;
        }

        var objects = new BackupObjects(folder);
        IReadOnlyList<BackupFile> evidence = earlier?.Value.Evidence ?? [];
        var copied = 0;
        for (var reading = 1; ; reading++)
        {
            var takenAt = clock.GetUtcNow();
            var (snapshot, originals) = await DatabaseSnapshot.TakeAsync(database.Database.GetConnectionString()!, objects, cancellationToken);
            var before = objects.Added;
            evidence = await EvidenceCopies.TakeAsync(data.Value.PathOf("evidence"), objects, evidence, cancellationToken);
            copied += objects.Added - before;
            var held = evidence.Select(f => f.Name).ToHashSet();
            var lost = originals.Where(id => !held.Contains(BlobKey.Original(id).ToString())).ToList();
            var missing = await database.Evidence.Where(e => lost.Contains(e.Id)).Select(e => e.Id).ToListAsync(cancellationToken);
            if (missing.Count < lost.Count && reading < Readings)
            {
                continue; // destroyed since the snapshot
            }

            var manifest = new BackupManifest(BackupManifest.CurrentFormat, takenAt, snapshot, evidence, keyRing.Value.Store, await KeysAsync(folder, withKeys, cancellationToken), withKeys);
            var sha256 = manifest.Write(folder);
            var removed = objects.RemoveAllBut(evidence.Append(snapshot).Select(f => f.Sha256).ToHashSet());
            RemoveKeys(folder, withKeys ? manifest.Keys : []);
            return new Answer(takenAt, evidence.Count, copied, removed, withKeys || inDatabase, sha256, lost);
        }
    }

    private Error? Refusal(string folder)
    {
        if (database is not SqliteReportIntakeDbContext || options.Value.Store is not EvidenceStoreKind.Disk)
        {
            return BackupManifest.Refused("backup is for SQLite and evidence on disk. SQL Server and S3 are backed up by their own means: see the README.");
        }

        if (!File.Exists(DatabaseFile))
        {
            return BackupManifest.Refused($"There is no database at {DatabaseFile}.");
        }

        string[] own = [BackupManifest.FileName, BackupManifest.FileName + DurableFile.NewSuffix, BackupManifest.KeysFolder, BackupObjects.Folder, ".lock"];
        return Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(e => !own.Contains(Path.GetFileName(e))) is { } stranger
            ? BackupManifest.Refused($"{folder} is not a backup's folder: {Path.GetFileName(stranger)} is in it.")
            : null;
    }

    private string DatabaseFile => new SqliteConnectionStringBuilder(database.Database.GetConnectionString()).DataSource;

    private async Task<List<BackupFile>> KeysAsync(string folder, bool withKeys, CancellationToken cancellationToken)
    {
        var copies = Path.Combine(folder, BackupManifest.KeysFolder);
        if (withKeys)
        {
            BackupObjects.MakeFolder(copies);
        }

        var keys = new List<BackupFile>();
        var ring = new DirectoryInfo(data.Value.PathOf(KeyRing.Folder));
        foreach (var key in keyRing.Value.Store is KeyRingStore.Directory && ring.Exists ? ring.GetFiles("*.xml") : [])
        {
            var (sha256, size) = withKeys
                ? await BackupObjects.CopyAsync(key.FullName, Path.Combine(copies, key.Name), cancellationToken)
                : await BackupObjects.HashAsync(key.FullName, cancellationToken);
            keys.Add(new BackupFile(key.Name, size, sha256, key.LastWriteTimeUtc.Ticks));
        }

        return keys;
    }

    private static void RemoveKeys(string folder, IReadOnlyList<BackupFile> but)
    {
        var copies = new DirectoryInfo(Path.Combine(folder, BackupManifest.KeysFolder));
        foreach (var file in copies.Exists ? copies.GetFiles().Where(f => but.All(k => k.Name != f.Name)) : [])
        {
            file.Delete();
        }
    }
}
