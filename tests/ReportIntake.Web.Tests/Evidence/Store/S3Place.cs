using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ReportIntake.Web.Evidence.Store.S3;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>
/// A bucket for tests that need nothing of their server's own: <c>TEST_S3</c> is the address of a server, <c>TEST_S3_ACCESS_KEY</c> and
/// <c>TEST_S3_SECRET_KEY</c> open its bucket <c>evidence</c>. Without it, one s3rver for the whole run. Each place has a prefix of its own,
/// removed at the end.
/// </summary>
public sealed class S3Place : IAsyncLifetime, IAsyncDisposable
{
    private static readonly Lazy<S3Server> Own = new(() =>
    {
        var server = new S3Server();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    private readonly S3Options options = Environment.GetEnvironmentVariable("TEST_S3") is { Length: > 0 } address
        ? new S3Options
        {
            Bucket = S3Server.Bucket,
            ServiceUrl = new Uri(address),
            AccessKey = Environment.GetEnvironmentVariable("TEST_S3_ACCESS_KEY"),
            SecretKey = Environment.GetEnvironmentVariable("TEST_S3_SECRET_KEY"),
            ForcePathStyle = true,
            Retries = 2,
        }
        : Own.Value.Options("");

    private readonly AmazonS3Client client;

    public S3Place()
    {
        options.Prefix = $"test-{Guid.NewGuid():n}/";
        client = new AmazonS3Client(
            new BasicAWSCredentials(options.AccessKey, options.SecretKey),
            new AmazonS3Config { ServiceURL = options.ServiceUrl!.ToString(), ForcePathStyle = true, AuthenticationRegion = options.Region });
    }

    internal S3Options Options => options;

    /// <summary>Names of all objects here, without the prefix.</summary>
    public async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var found in client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix }).S3Objects)
        {
            names.Add(found.Key[options.Prefix.Length..]);
        }

        return names;
    }

    public async Task<byte[]> GetAsync(string name)
    {
        using var answer = await client.GetObjectAsync(options.Bucket, options.Prefix + name);
        using var content = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(content);
        return content.ToArray();
    }

    public Task PutAsync(string name, byte[] content) => client.PutObjectAsync(
        new PutObjectRequest { BucketName = options.Bucket, Key = options.Prefix + name, InputStream = new MemoryStream(content), UseChunkEncoding = false });

    public Task DeleteAsync(string name) => client.DeleteObjectAsync(options.Bucket, options.Prefix + name);

    /// <summary>Settings of a host that keeps its evidence here.</summary>
    public Dictionary<string, string?> Settings(Uri? through = null) => new()
    {
        ["Evidence:Store"] = "S3",
        ["Evidence:S3:Bucket"] = options.Bucket,
        ["Evidence:S3:ServiceUrl"] = (through ?? options.ServiceUrl!).ToString(),
        ["Evidence:S3:AccessKey"] = options.AccessKey,
        ["Evidence:S3:SecretKey"] = options.SecretKey,
        ["Evidence:S3:ForcePathStyle"] = "true",
        ["Evidence:S3:Prefix"] = options.Prefix,
        ["Evidence:S3:Retries"] = "2",
    };

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var name in await NamesAsync())
        {
            await DeleteAsync(name);
        }

        client.Dispose();
    }
}
