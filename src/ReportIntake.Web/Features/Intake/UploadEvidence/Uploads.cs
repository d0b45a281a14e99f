using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>What a sender tells of a file before its first byte.</summary>
/// <param name="Size">Bytes; null where the sender will tell them later.</param>
public sealed record NewUpload(string Name, string MediaType, long? Size)
{
    /// <summary>Upload-Metadata as sent.</summary>
    public string? Metadata { get; init; }

    /// <summary>Upload-Concat as sent.</summary>
    public string? Concatenation { get; init; }

    /// <summary>The item before its first byte.</summary>
    internal EvidenceItem Begin(UploadId id, DateTimeOffset now, TimeSpan lifetime) =>
        EvidenceItem.Begin(id.Key(), Name, MediaType, Size, now, lifetime).SentAs(Metadata, Concatenation);
}

/// <summary>
/// The life of an upload until a report takes it: begun, grown, finished or removed. Both doors use it, tus and the form.
/// </summary>
/// <remarks>
/// No mediator here: its transaction would stay open for as long as a phone sends. The row is written at the beginning and
/// the end and when the expiry moves; in between the blob itself says how far the upload is.
/// </remarks>
public sealed class Uploads(ReportIntakeDbContext database, UploadRows rows, IEvidenceStore store, IOptions<EvidenceOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan ExpiryStep = TimeSpan.FromMinutes(1);

    private EvidenceOptions Options => options.Value;

    /// <summary>Begins an upload that its sender will hear of before its first byte.</summary>
    public async Task<Result<(UploadId Id, EvidenceItem Item)>> BeginAsync(NewUpload upload, CancellationToken ct)
    {
        if (Refuses(upload.Size) is { } refusal)
        {
            return refusal;
        }

        var (id, item) = Begin(upload);

        // The blob first: one without a row is removed a day later, a row without a blob would be a promise not kept.
        var begun = await store.BeginAsync(BlobKey.Original(item.Id), upload.Size, ct);
        if (!begun.IsSuccess)
        {
            return begun.Error;
        }

        database.Evidence.Add(item);
        await rows.SaveAsync(database, ct);
        return (id, item);
    }

    /// <summary>
    /// Begins an upload whose first bytes come with the same request. Nobody has heard of it, so nothing of it need last
    /// before they do: its row is saved with what became of them, once, by <see cref="KeepAsync"/> or <see cref="TouchAsync"/>.
    /// </summary>
    public async Task<Result<(UploadId Id, EvidenceItem Item, IBlobAppender Blob)>> BeginWithBytesAsync(NewUpload upload, CancellationToken ct)
    {
        if (Refuses(upload.Size) is { } refusal)
        {
            return refusal;
        }

        var (id, item) = Begin(upload);
        var begun = await store.CreateAsync(BlobKey.Original(item.Id), upload.Size, ct);
        if (!begun.IsSuccess)
        {
            return begun.Error;
        }

        database.Evidence.Add(item);
        return (id, item, begun.Value);
    }

    public async Task<Result<EvidenceItem>> FindAsync(UploadId id, CancellationToken ct)
    {
        var key = id.Key();
        var item = await database.Evidence.SingleOrDefaultAsync(e => e.UploadKey == key, ct);
        if (item is null)
        {
            return EvidenceErrors.UploadNotFound;
        }

        return item.ReportId is null && item.ExpiresAt <= clock.GetUtcNow() ? EvidenceErrors.UploadExpired : item;
    }

    /// <summary>Bytes that are durable. An upload whose last request died between blob and row is finished here.</summary>
    public async Task<long> OffsetAsync(EvidenceItem item, CancellationToken ct)
    {
        if (item.State is not EvidenceState.Uploading)
        {
            return item.Size!.Value;
        }

        var key = BlobKey.Original(item.Id);
        var status = await store.GetStatusAsync(key, ct) ?? throw new EvidenceCorruptException(key, "it is missing");
        if (status.IsComplete)
        {
            await SaveCompleteAsync(item, await store.HashAsync(key, ct));
        }

        return status.Length;
    }

    /// <summary>Takes the length that was deferred at creation.</summary>
    public Result DeclareSize(EvidenceItem item, long size) => Refuses(size) is { } refusal ? refusal : item.DeclareSize(size);

    /// <summary>Puts the expiry off and saves what was declared, at most once a minute where only the expiry moves.</summary>
    public async Task TouchAsync(EvidenceItem item)
    {
        var now = clock.GetUtcNow();
        if (item.ReportId is null && item.ExpiresAt < now + Options.UploadLifetime - ExpiryStep)
        {
            item.Extend(now, Options.UploadLifetime);
        }

        if (database.ChangeTracker.HasChanges())
        {
            await rows.SaveAsync(database, CancellationToken.None);
        }
    }

    /// <summary>The one writer of an unfinished upload.</summary>
    public async Task<IBlobAppender> OpenAsync(EvidenceItem item, CancellationToken ct)
    {
        var key = BlobKey.Original(item.Id);
        return await store.OpenAppendAsync(key, ct) ?? throw new EvidenceCorruptException(key, "it is missing");
    }

    /// <summary>Bytes an upload may have in all.</summary>
    public long LimitOf(EvidenceItem item) => item.Size ?? Options.MaxFileSize;

    /// <summary>Keeps what has come: finishes the upload when it is whole, else makes it durable as far as it is.</summary>
    public async Task<Result> KeepAsync(EvidenceItem item, IBlobAppender blob)
    {
        if (item.Size != blob.Length)
        {
            return await blob.CommitAsync();
        }

        var completed = await blob.CompleteAsync(CancellationToken.None);
        return completed.IsSuccess ? await SaveCompleteAsync(item, completed.Value) : completed.Error;
    }

    /// <summary>
    /// Removes an upload that no report has taken. The row first: if a report takes it at this moment, its concurrency token
    /// stops this, and the blob stays.
    /// </summary>
    public async Task<Result> RemoveAsync(EvidenceItem item)
    {
        if (item.ReportId is not null)
        {
            return EvidenceErrors.UploadAlreadyUsed;
        }

        database.Evidence.Remove(item);
        await rows.SaveAsync(database, CancellationToken.None);
        try
        {
            await store.DeleteAsync(BlobKey.Original(item.Id), CancellationToken.None);
        }
        catch (EvidenceStoreUnavailableException)
        {
            // A blob without a row is nobody's, and removed a day later.
        }

        return Result.Success;
    }

    private (UploadId Id, EvidenceItem Item) Begin(NewUpload upload)
    {
        var id = UploadId.New();
        return (id, upload.Begin(id, clock.GetUtcNow(), Options.UploadLifetime));
    }

    private async Task<Result> SaveCompleteAsync(EvidenceItem item, SealedContent content)
    {
        var completed = item.Complete(content.Size, content.Sha256, clock.GetUtcNow());
        if (completed.IsSuccess)
        {
            await rows.SaveAsync(database, CancellationToken.None);
        }

        return completed;
    }

    /// <summary>Why no file may have that many bytes; null where it may.</summary>
    public Error? Refuses(long? size) =>
        size == 0 ? EvidenceErrors.EmptyFile
        : size > Options.MaxFileSize ? EvidenceErrors.TooLarge(Options.MaxFileSize)
        : null;
}
