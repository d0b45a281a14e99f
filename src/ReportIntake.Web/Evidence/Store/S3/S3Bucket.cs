using System.Globalization;
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
    /// <summary>Metadata of each object: whose write it was.</summary>
    private const string StampName = "x-amz-meta-write";

    private readonly AmazonS3Client client;
    private readonly S3Options options;
    private volatile bool conditionsKnown = true;

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

    /// <summary>How long any wait for bytes of an answer may last: the SDK watches only over its beginning.</summary>
    public TimeSpan Patience => options.Timeout;

    /// <summary>Puts an object in place of whatever stands there.</summary>
    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct) => PutAsync(name, content, over: null, onlyNew: false, ct);

    /// <summary>Puts an object that must not be there yet.</summary>
    /// <returns>Its entity tag; null where another writer was first.</returns>
    public Task<string?> PutNewAsync(string name, ReadOnlyMemory<byte> content, CancellationToken ct) => PutAsync(name, content, over: null, onlyNew: true, ct);

    /// <summary>Puts an object in place of the one with that entity tag.</summary>
    /// <returns>Its entity tag; null where another one stands there, or none.</returns>
    public async Task<string?> ReplaceAsync(string name, ReadOnlyMemory<byte> content, string over, CancellationToken ct) =>
        await StandsAsync(name, over, ct) ? await PutAsync(name, content, over, onlyNew: false, ct) : null;

    /// <summary>All of a small object; null if there is none.</summary>
    public async Task<S3Object?> GetAsync(string name, CancellationToken ct) => await GetAsync(name, range: null, ct);

    /// <summary>The beginning of an object, with the length of all of it; null if there is none.</summary>
    public Task<S3Object?> GetHeadAsync(string name, int count, CancellationToken ct) => GetAsync(name, new ByteRange(0, count - 1), ct);

    /// <summary>Begins to read a stretch of an object; the caller disposes the response. Null if there is no such stretch.</summary>
    /// <param name="last">Inclusive.</param>
    public Task<GetObjectResponse?> OpenAsync(string name, long first, long last, CancellationToken ct) => GuardAsync<GetObjectResponse?>(
        async () =>
        {
            try
            {
                var response = await client.GetObjectAsync(
                    new GetObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name, ByteRange = new ByteRange(first, last) }, ct);
                if (response.ContentLength == last - first + 1)
                {
                    return response;
                }

                response.Dispose();
                return null;
            }
            catch (AmazonS3Exception e) when (IsMissing(e) || e.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return null;
            }
        },
        ct);

    /// <summary>Is it still the object with that entity tag?</summary>
    public async Task<bool> StandsAsync(string name, string tag, CancellationToken ct) => (await LookAsync(name, ct))?.Tag == tag;

    public async Task<bool> ExistsAsync(string name, CancellationToken ct) => await LookAsync(name, ct) is not null;

    public Task DeleteAsync(string name, CancellationToken ct) =>
        GuardAsync(() => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name }, ct), ct);

    /// <summary>Names that begin so and when they were written, in the order of the names.</summary>
    public async IAsyncEnumerable<(string Name, DateTimeOffset LastWrite)> ListAsync(string beginning, [EnumeratorCancellation] CancellationToken ct)
    {
        string? more = null;
        do
        {
            var page = await GuardAsync(
                () => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix + beginning, ContinuationToken = more }, ct), ct);
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

    private Task<S3Object?> GetAsync(string name, ByteRange? range, CancellationToken ct) => GuardAsync<S3Object?>(
        async () =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(options.Timeout * (options.Retries + 2));
            try
            {
                using var response = await client.GetObjectAsync(
                    new GetObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name, ByteRange = range }, patience.Token);
                using var content = new MemoryStream();
                await response.ResponseStream.CopyToAsync(content, patience.Token);
                return new S3Object(content.ToArray(), WholeLength(response) ?? content.Length, response.ETag);
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return new S3Object([], 0, ""); // it is there, and empty
            }
            catch (AmazonS3Exception e) when (IsMissing(e))
            {
                return null;
            }
        },
        ct);

    /// <summary>By <c>Content-Range: bytes 0-9/100</c>; null where the server sent the whole.</summary>
    private static long? WholeLength(GetObjectResponse response) =>
        response.ContentRange is { } range && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    private Task<(string Tag, string? Stamp)?> LookAsync(string name, CancellationToken ct) => GuardAsync<(string, string?)?>(
        async () =>
        {
            try
            {
                var response = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = options.Prefix + name }, ct);
                return (response.ETag, response.Metadata[StampName]);
            }
            catch (AmazonS3Exception e) when (IsMissing(e))
            {
                return null;
            }
        },
        ct);

    /// <summary>
    /// A condition (If-Match, If-None-Match) is put to the server, which decides in the same moment. Some servers do not know conditions
    /// on writes and say so or overlook them; there, what was looked at just before has to do.
    /// </summary>
    private Task<string?> PutAsync(string name, ReadOnlyMemory<byte> content, string? over, bool onlyNew, CancellationToken ct) => GuardAsync(
        async () =>
        {
            var stamp = Guid.NewGuid().ToString("n");
            try
            {
                var request = new PutObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name, InputStream = Stream(content), UseChunkEncoding = false };
                request.Metadata[StampName] = stamp;
                (request.IfMatch, request.IfNoneMatch) = conditionsKnown ? (over, onlyNew ? "*" : null) : default;
                return (await client.PutObjectAsync(request, ct)).ETag;
            }
            catch (AmazonS3Exception e) when (conditionsKnown && (over is not null || onlyNew) && e.StatusCode is HttpStatusCode.NotImplemented)
            {
                conditionsKnown = false;
                return await PutAsync(name, content, over, onlyNew, ct);
            }
            catch (AmazonS3Exception e) when ((over is not null || onlyNew) && (e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict || IsMissing(e)))
            {
                // Or an earlier try has done it, and its answer was lost.
                return await LookAsync(name, ct) is { } there && there.Stamp == stamp ? there.Tag : null;
            }
        },
        ct);

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

/// <param name="Bytes">All of the object, or its beginning.</param>
/// <param name="Length">Bytes of all of it.</param>
/// <param name="Tag">Entity tag, as the server writes it.</param>
internal sealed record S3Object(byte[] Bytes, long Length, string Tag);
