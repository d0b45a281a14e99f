using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// The few calls of S3 that the store makes, with their failures told apart: not there is null, no room and away are the
/// exceptions of the store's contract. The SDK has tried again by then.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    private readonly AmazonS3Client client;
    private readonly S3Options options;

    public S3Bucket(S3Options options)
    {
        this.options = options;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            MaxErrorRetry = options.Retries,
            RetryMode = RequestRetryMode.Standard,
            Timeout = options.Timeout,

            // Checksums in trailers are unknown to many other servers; every segment carries a tag of its own.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl is { } address)
        {
            (config.ServiceURL, config.AuthenticationRegion) = (address.ToString(), options.Region);
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        client = string.IsNullOrEmpty(options.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct) => GuardAsync(
        async () =>
        {
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name, InputStream = Stream(content), UseChunkEncoding = false }, ct);
            return true;
        },
        ct);

    /// <summary>All of a small object; null if there is none.</summary>
    public Task<byte[]?> GetAsync(string name, CancellationToken ct) => GuardAsync<byte[]?>(
        async () =>
        {
            try
            {
                using var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name }, ct);
                using var content = new MemoryStream();
                await response.ResponseStream.CopyToAsync(content, ct);
                return content.ToArray();
            }
            catch (AmazonS3Exception e) when (IsMissing(e))
            {
                return null;
            }
        },
        ct);

    /// <summary>Bytes of an object; null if there is none.</summary>
    public Task<long?> LengthAsync(string name, CancellationToken ct) => GuardAsync<long?>(
        async () =>
        {
            try
            {
                var response = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = options.Prefix + name }, ct);
                return response.ContentLength;
            }
            catch (AmazonS3Exception e) when (IsMissing(e))
            {
                return null;
            }
        },
        ct);

    /// <summary>Begins to read a stretch of an object; the caller disposes the response.</summary>
    /// <param name="last">Inclusive.</param>
    public Task<GetObjectResponse> OpenAsync(string name, long first, long last, CancellationToken ct) => GuardAsync(
        () => client.GetObjectAsync(
            new GetObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name, ByteRange = new ByteRange(first, last) }, ct),
        ct);

    public Task DeleteAsync(string name, CancellationToken ct) =>
        GuardAsync(() => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name }, ct), ct);

    /// <returns>The multipart upload's id.</returns>
    public Task<string> BeginPartsAsync(string name, CancellationToken ct) => GuardAsync(
        async () => (await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = options.Prefix + name }, ct)).UploadId,
        ct);

    /// <returns>The part's entity tag.</returns>
    public Task<string> PutPartAsync(string name, string uploadId, int number, ReadOnlyMemory<byte> content, CancellationToken ct) => GuardAsync(
        async () => (await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = options.Bucket,
                Key = options.Prefix + name,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = content.Length,
                InputStream = Stream(content),
                UseChunkEncoding = false,
            },
            ct)).ETag,
        ct);

    public Task CompletePartsAsync(string name, string uploadId, IReadOnlyList<string> tags, CancellationToken ct) => GuardAsync(
        async () =>
        {
            try
            {
                var request = new CompleteMultipartUploadRequest
                {
                    BucketName = options.Bucket,
                    Key = options.Prefix + name,
                    UploadId = uploadId,
                    PartETags = [.. tags.Select((tag, i) => new PartETag(i + 1, tag))],
                };
                await client.CompleteMultipartUploadAsync(request, ct);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
            {
                if (await LengthAsync(name, ct) is null)
                {
                    throw; // else an earlier try has done it, and its answer was lost
                }
            }

            return true;
        },
        ct);

    /// <summary>Gives up a multipart upload. Servers that cannot, or no longer know it, are no trouble: nothing of it is readable.</summary>
    public Task AbandonPartsAsync(string name, string uploadId, CancellationToken ct) => GuardAsync(
        async () =>
        {
            try
            {
                await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = options.Prefix + name, UploadId = uploadId }, ct);
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
            {
            }

            return true;
        },
        ct);

    /// <summary>Names below the prefix and when they were written, in the order of the names.</summary>
    public async IAsyncEnumerable<(string Name, DateTimeOffset LastWrite)> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        string? more = null;
        do
        {
            var page = await GuardAsync(
                () => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix, ContinuationToken = more }, ct), ct);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return (found.Key[options.Prefix.Length..], new DateTimeOffset(found.LastModified!.Value.ToUniversalTime()));
            }

            more = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (more is not null);
    }

    /// <summary>Fails as the others do if the bucket does not answer.</summary>
    public Task ProbeAsync(CancellationToken ct) =>
        GuardAsync(() => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix, MaxKeys = 1 }, ct), ct);

    public void Dispose() => client.Dispose();

    /// <summary>Is it the store that fails, rather than what was asked of it or who asked?</summary>
    public static bool IsAway(Exception exception, CancellationToken ct) =>
        exception is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException
        || (exception is IOException and not EvidenceCorruptException and not EvidenceStoreUnavailableException)
        || (exception is OperationCanceledException && !ct.IsCancellationRequested);

    private static bool IsMissing(AmazonS3Exception e) => e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket";

    private static MemoryStream Stream(ReadOnlyMemory<byte> content) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    private static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException e) when (e.StatusCode == HttpStatusCode.InsufficientStorage)
        {
            throw new IOException("The bucket has no room.", DurableFile.NoSpace);
        }
        catch (Exception e) when (IsAway(e, ct))
        {
            throw new EvidenceStoreUnavailableException("The evidence bucket does not answer as it should.", e);
        }
    }
}
