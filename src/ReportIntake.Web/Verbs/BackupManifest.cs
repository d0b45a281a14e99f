using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Verbs;

/// <summary>
/// What a backup holds: <c>manifest.json</c> beside the folder <c>objects</c> and, where it was asked for, <c>keys</c>. It is
/// written last, so a backup that was cut off is still the one before it.
/// </summary>
/// <param name="TakenAt">Before the database was read: whatever was answered before this time is in.</param>
/// <param name="Evidence">Blobs as they lie in the store, sealed, and beside each the file of its wrapped key.</param>
/// <param name="KeyRing">Where the key ring is that opens all of it: in the database, encrypted to a certificate that is in no backup, or in files.</param>
/// <param name="Keys">The key ring's files, named whether they are in the backup or not.</param>
internal sealed record BackupManifest(
    int Format, DateTimeOffset TakenAt, BackupFile Database, IReadOnlyList<BackupFile> Evidence, KeyRingStore KeyRing, IReadOnlyList<BackupFile> Keys, bool HoldsKeys)
{
    public const int CurrentFormat = 1;

    public const string FileName = "manifest.json";

    public const string KeysFolder = "keys";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    /// <summary>Durable on return. Gives the manifest's own SHA-256, lower-case hex: kept elsewhere, it proves the whole backup.</summary>
    public string Write(string folder)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, Json);
        var path = Path.Combine(folder, FileName);
        DurableFile.Replace(path, bytes);
        DurableFile.FlushDirectoryOf(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    public static async Task<Result<BackupManifest>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return Refused($"{folder} is no backup: it has no {FileName}.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllBytesAsync(path, cancellationToken), Json);
            return manifest switch
            {
                { Format: not CurrentFormat } => Refused($"{path} is of format {manifest.Format}; this program reads format {CurrentFormat}."),
                { Database: not null, Evidence: not null, Keys: not null } when Files(manifest).All(f => f.IsPlain) => manifest,
                _ => Refused($"{path} is damaged."),
            };
        }
        catch (JsonException)
        {
            return Refused($"{path} is damaged.");
        }
    }

    public static Error Refused(string message) => new("backup_refused", ErrorKind.Conflict, message);

    private static IEnumerable<BackupFile> Files(BackupManifest manifest) => [manifest.Database, .. manifest.Evidence, .. manifest.Keys];
}

/// <param name="Name">Without a folder: where a blob lies follows from its name.</param>
/// <param name="Sha256">Lower-case hex, of the bytes as they lie on the disk.</param>
/// <param name="WrittenAt">When the file was last written, in ticks: with the size it tells an unchanged file without reading it.</param>
internal sealed record BackupFile(string Name, long Size, string Sha256, long WrittenAt)
{
    /// <summary>False where name or hash would lead out of the folder that they are to lie in.</summary>
    public bool IsPlain => Name is { Length: > 0 } && Path.GetFileName(Name) == Name && Name is not "." and not ".." && Sha256 is { Length: 64 } && Sha256.All(char.IsAsciiHexDigitLower);
}
