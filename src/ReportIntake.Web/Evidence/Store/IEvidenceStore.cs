using System.Buffers;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Keeps the bytes of evidence, always encrypted. It knows no reports, no senders and no file names; what a blob is
/// worth stands in the database. A blob either grows by appends until it is completed, or is written whole.
/// </summary>
/// <remarks>
/// No room is the refusal <c>storage_full</c>, a store that is away the refusal <c>storage_unavailable</c>; where a method gives
/// no <see cref="Result"/>, the latter is an <see cref="EvidenceStoreUnavailableException"/>. Both leave the blob at its last
/// commit. Damage is an <see cref="EvidenceCorruptException"/>. A key is written by one caller at a time; callers see to that.
/// </remarks>
public interface IEvidenceStore
{
    /// <summary>Creates an empty, growing blob. Durable on return.</summary>
    /// <param name="key">Must not exist yet.</param>
    /// <param name="expectedSize">Bytes announced, so that a file that cannot fit is refused at once; null if unknown.</param>
    /// <param name="ct">Cancels.</param>
    Task<Result> BeginAsync(BlobKey key, long? expectedSize, CancellationToken ct);

    /// <summary>Creates a growing blob and opens it, for bytes that come at once: nothing of it need be durable before its first commit.</summary>
    /// <inheritdoc cref="BeginAsync"/>
    Task<Result<IBlobAppender>> CreateAsync(BlobKey key, long? expectedSize, CancellationToken ct);

    /// <summary>Opens a growing blob at its durable end; null if there is no such growing blob.</summary>
    Task<IBlobAppender?> OpenAppendAsync(BlobKey key, CancellationToken ct);

    /// <summary>What is durable of a blob; null if there is none.</summary>
    Task<BlobStatus?> GetStatusAsync(BlobKey key, CancellationToken ct);

    /// <summary>Writes a blob whole, in place of an earlier one of that key. Nothing of it can be seen before all of it is durable.</summary>
    Task<Result> WriteAsync(BlobKey key, Stream content, CancellationToken ct);

    /// <summary>Decrypts a complete blob: seekable, with a trustworthy <see cref="Stream.Length"/>. Null if there is no complete blob.</summary>
    Task<Stream?> OpenReadAsync(BlobKey key, CancellationToken ct);

    /// <summary>Hashes a complete blob by reading all of it.</summary>
    Task<SealedContent> HashAsync(BlobKey key, CancellationToken ct);

    /// <summary>
    /// Wraps the data key of every blob under the key wrapper's newest key; the blobs themselves are not touched. Safe while the
    /// store is in use, and to run again: what is wrapped so already stays as it is.
    /// </summary>
    /// <exception cref="EvidenceCorruptException">A key cannot be unwrapped; those before it are done.</exception>
    Task<RewrapCount> RewrapAsync(CancellationToken ct);

    /// <summary>Removes a blob, growing or complete. Removing what is not there is no error.</summary>
    Task DeleteAsync(BlobKey key, CancellationToken ct);

    /// <summary>Every blob, growing or complete, in no order.</summary>
    IAsyncEnumerable<BlobEntry> ListAsync(CancellationToken ct);
}

/// <summary>The one writer of a growing blob. Disposing it without a commit forgets what came after the last one.</summary>
public interface IBlobAppender : IAsyncDisposable
{
    /// <summary>Bytes taken so far, durable or not.</summary>
    long Length { get; }

    /// <summary>Bytes that survive a power cut.</summary>
    long DurableLength { get; }

    /// <summary>Takes more bytes. They are copied before this returns; durable only after the next commit.</summary>
    ValueTask<Result> AppendAsync(ReadOnlySequence<byte> data);

    /// <summary>Makes everything taken so far durable. After a refusal the blob stands where it stood at the last commit.</summary>
    Task<Result> CommitAsync();

    /// <summary>Ends the blob: durable, hashed, read-only from now on.</summary>
    Task<Result<SealedContent>> CompleteAsync(CancellationToken ct);
}

/// <summary>Bytes that are durable, and whether the blob is complete.</summary>
public readonly record struct BlobStatus(long Length, bool IsComplete);

/// <summary>What a completed blob holds.</summary>
public sealed record SealedContent(long Size, byte[] Sha256);

/// <summary>A blob and when it was last written.</summary>
public readonly record struct BlobEntry(BlobKey Key, DateTimeOffset LastWrite);

/// <summary>Data keys wrapped anew, and those that had been already.</summary>
public readonly record struct RewrapCount(int Rewrapped, int Current);
