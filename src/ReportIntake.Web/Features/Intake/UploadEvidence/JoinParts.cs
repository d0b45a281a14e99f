using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>
/// tus concatenation: joins finished parts to one ordinary upload, hashed and sealed like any other, and removes the parts. One
/// transaction adds the file and removes the parts' rows, so a crash leaves either all parts or the whole file; a blob that lost its row in
/// between is removed a day later.
/// </summary>
/// <remarks>Needs room for the file twice while it runs. A part is read decrypted and sealed anew: its segments are bound to its own key and place.</remarks>
public sealed class JoinParts(
    Uploads uploads, ReportIntakeDbContext database, IEvidenceStore store, UploadTurns turns, Secrets secrets, IOptions<EvidenceOptions> options, TimeProvider clock)
{
    private const string KeyName = "joined-upload-ids";
    private const int KeySize = 32;
    private const int BufferSize = 256 * 1024;

    /// <param name="file">The file's name and type; its size is the parts'.</param>
    /// <param name="parts">In the order of the file.</param>
    /// <param name="ct">Cancels the waiting. Joining itself goes on to its end: whoever asks again after a lost answer finds the file.</param>
    public async Task<Result<(UploadId Id, EvidenceItem Item)>> JoinAsync(NewUpload file, IReadOnlyList<UploadId> parts, CancellationToken ct)
    {
        var key = await secrets.GetOrCreateAsync(KeyName, static () => RandomNumberGenerator.GetBytes(KeySize), ct);
        var id = UploadId.OfJoined(parts, key);
        using var turn = await turns.TakeAsync(id, ct);
        var earlier = await uploads.FindAsync(id, ct);
        if (earlier.IsSuccess || earlier.Error != EvidenceErrors.UploadNotFound)
        {
            return earlier.IsSuccess ? (id, earlier.Value) : earlier.Error;
        }

        // Always in the same order, or two requests with the parts in different orders would wait for each other.
        var held = new List<UploadTurns.Turn>();
        try
        {
            foreach (var part in parts.OrderBy(p => p.Text, StringComparer.Ordinal))
            {
                held.Add(await turns.TakeAsync(part, ct));
            }

            return await JoinOrFindAsync(id, file, parts, ct);
        }
        finally
        {
            held.ForEach(h => h.Dispose());
        }
    }

    /// <summary>Turns are of this process: another node may join the same parts meanwhile, and takes them away under this one.</summary>
    private async Task<Result<(UploadId Id, EvidenceItem Item)>> JoinOrFindAsync(UploadId id, NewUpload file, IReadOnlyList<UploadId> parts, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            var joined = await JoinAsync(id, file, parts, ct);
            if (joined.IsSuccess || joined.Error != EvidenceErrors.UploadNotFound)
            {
                return joined;
            }
        }
        catch (Exception e) when (e is EvidenceCorruptException || (e is DbUpdateException refused && UniqueIndex.Refused(refused)))
        {
            failure = e;
        }

        database.ChangeTracker.Clear();
        var found = await uploads.FindAsync(id, CancellationToken.None);
        if (!found.IsSuccess && failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return found.IsSuccess ? (id, found.Value) : found.Error;
    }

    private async Task<Result<(UploadId Id, EvidenceItem Item)>> JoinAsync(UploadId id, NewUpload file, IReadOnlyList<UploadId> parts, CancellationToken ct)
    {
        var items = await FindPartsAsync(parts, ct);
        if (!items.IsSuccess)
        {
            return items.Error;
        }

        var size = items.Value.Sum(i => i.Size!.Value);
        if (uploads.Refuses(size) is { } refusal)
        {
            return refusal;
        }

        var item = (file with { Size = size }).Begin(id, clock.GetUtcNow(), options.Value.UploadLifetime);
        var done = false;
        try
        {
            var written = await WriteAsync(item, items.Value);
            if (!written.IsSuccess)
            {
                return written.Error;
            }

            item.Complete(written.Value.Size, written.Value.Sha256, clock.GetUtcNow());
            database.Evidence.Add(item);
            database.Evidence.RemoveRange(items.Value);
            await database.SaveChangesAsync(CancellationToken.None);
            done = true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return EvidenceErrors.UploadNotFound; // a part expired meanwhile
        }
        finally
        {
            if (!done)
            {
                await store.DeleteAsync(BlobKey.Original(item.Id), CancellationToken.None);
            }
        }

        foreach (var part in items.Value)
        {
            await store.DeleteAsync(BlobKey.Original(part.Id), CancellationToken.None);
        }

        return (id, item);
    }

    private async Task<Result<IReadOnlyList<EvidenceItem>>> FindPartsAsync(IReadOnlyList<UploadId> parts, CancellationToken ct)
    {
        var items = new List<EvidenceItem>();
        foreach (var part in parts)
        {
            var found = await uploads.FindAsync(part, ct);
            if (!found.IsSuccess)
            {
                return found.Error;
            }

            var item = found.Value;
            if (!item.IsPart)
            {
                return UploadErrors.NotAPart;
            }

            await uploads.OffsetAsync(item, ct);
            if (item.State is EvidenceState.Uploading)
            {
                return UploadErrors.PartsUnfinished;
            }

            items.Add(item);
        }

        return Result.Of<IReadOnlyList<EvidenceItem>>(items);
    }

    private async Task<Result<SealedContent>> WriteAsync(EvidenceItem item, IReadOnlyList<EvidenceItem> parts)
    {
        var begun = await store.CreateAsync(BlobKey.Original(item.Id), item.Size, CancellationToken.None);
        if (!begun.IsSuccess)
        {
            return begun.Error;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var blob = begun.Value;
            foreach (var part in parts)
            {
                var key = BlobKey.Original(part.Id);
                await using var content = await store.OpenReadAsync(key, CancellationToken.None) ?? throw new EvidenceCorruptException(key, "it is missing");
                while (await content.ReadAsync(buffer) is var read and > 0)
                {
                    if (await blob.AppendAsync(new ReadOnlySequence<byte>(buffer, 0, read)) is { IsSuccess: false } full)
                    {
                        return full.Error!;
                    }
                }
            }

            return await blob.CompleteAsync(CancellationToken.None);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
