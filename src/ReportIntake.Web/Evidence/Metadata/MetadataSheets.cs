using System.Security.Cryptography;
using System.Text.Json;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Evidence.Metadata;

/// <summary>
/// Keeps the sheets in the evidence store, encrypted as the originals are and gone with them. Reading one whole is reading
/// evidence: who gives it to anybody leaves a custody event.
/// </summary>
public sealed class MetadataSheets(IEvidenceStore store)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Null where there is none: not screened yet, of no accepted type, or screened where sheets could not be made.</summary>
    /// <exception cref="EvidenceCorruptException">The sheet was tampered with.</exception>
    public async Task<MetadataSheet?> ReadAsync(Guid evidenceId, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(Key(evidenceId), cancellationToken);
        return content is null ? null : await JsonSerializer.DeserializeAsync<MetadataSheet>(content, Json, cancellationToken);
    }

    /// <summary>Replaces an earlier one.</summary>
    /// <returns>SHA-256 of what was kept, for the ledger.</returns>
    /// <exception cref="IOException">There is no room for it.</exception>
    public async Task<byte[]> WriteAsync(Guid evidenceId, MetadataSheet sheet, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(sheet, Json);
        using var content = new MemoryStream(bytes, writable: false);
        var written = await store.WriteAsync(Key(evidenceId), content, cancellationToken);
        return written.IsSuccess ? SHA256.HashData(bytes) : throw new IOException($"The metadata sheet of {evidenceId} could not be kept: {written.Error.Code}.");
    }

    private static BlobKey Key(Guid evidenceId) => new(evidenceId, BlobKind.MetadataSheet);
}
