using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>
/// tus-js-client itself, from Node, in the version that the pages ship: the cases of its own end-to-end tests and those of its other
/// tests that a server has a part in, and a network that breaks. Not taken over: downloading what was sent (an upload is never given back),
/// and empty files (they are no evidence).
/// </summary>
public sealed class TusJsClientTests(TusJsClientTests.Host host) : IClassFixture<TusJsClientTests.Host>
{
    private const int Size = 34_000_000;
    private readonly TusClient tus = new(host);

    public sealed class Host : IntakeHost
    {
        public string File { get; } = Path.Combine(Directory.CreateTempSubdirectory("tus-js-client-").FullName, "video.mp4");

        public byte[] Sha256 { get; }

        public Host()
        {
            var content = RandomNumberGenerator.GetBytes(Size);
            Sha256 = SHA256.HashData(content);
            System.IO.File.WriteAllBytes(File, content);
        }

        public override async ValueTask DisposeAsync()
        {
            Directory.Delete(Path.GetDirectoryName(File)!, recursive: true);
            await base.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    public static TheoryData<string, string> Ways => new()
    {
        { "one request", "{}" },
        { "parts of a size", """{"options":{"chunkSize":8388608}}""" },
        { "data with the creation", """{"options":{"uploadDataDuringCreation":true}}""" },
        { "data with the creation, then parts", """{"options":{"uploadDataDuringCreation":true,"chunkSize":8388608}}""" },
        { "a stream of unknown length", """{"as":"stream","options":{"chunkSize":8388608,"uploadLengthDeferred":true}}""" },
        { "a stream in parts", $$$"""{"as":"stream","options":{"chunkSize":8388608,"uploadSize":{{{Size}}}}}""" },
        { "only GET and POST", """{"options":{"overridePatchMethod":true,"chunkSize":8388608}}""" },
        { "four at once", """{"options":{"parallelUploads":4}}""" },
        { "four at once, from a file", """{"as":"file","options":{"parallelUploads":4}}""" },
        { "stopped and started again", """{"abortAt":9000000,"options":{}}""" },
        { "stopped and started again, four at once", """{"abortAt":9000000,"options":{"parallelUploads":4}}""" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Upload_EachWay_ArrivesWhole(string way, string options)
    {
        var result = await RunAsync(host.Address, JsonNode.Parse(options)!);

        Assert.True(result["error"] is null, $"{way}: {result}");
        var item = await tus.ItemAsync((string)result["url"]!);
        Assert.Equal((EvidenceState.Stored, (long?)Size), (item.State, item.Size));
        Assert.Equal(host.Sha256, item.Sha256);
    }

    /// <summary>The first end-to-end case: HEAD gives back every key, also those nobody here knows; terminated it is gone.</summary>
    [Fact]
    public async Task Upload_WithMetadata_IsToldBackAndCanBeTerminated()
    {
        var options = JsonNode.Parse("""{"options":{"metadata":{"nonlatin":"słońce","number":"100","filename":"large-file.txt","filetype":"text/plain"}}}""")!;
        var result = await RunAsync(host.Address, options.DeepClone());
        using var head = await tus.SendAsync("HEAD", (string)result["url"]!);
        Assert.Equal(200, (int)head.StatusCode);
        Assert.Equal((TusClient.Text(Size), TusClient.Text(Size)), (TusClient.Header(head, "Upload-Offset"), TusClient.Header(head, "Upload-Length")));
        Assert.Equal(
            ["filename bGFyZ2UtZmlsZS50eHQ=", "filetype dGV4dC9wbGFpbg==", "nonlatin c8WCb8WEY2U=", "number MTAw"],
            TusClient.Header(head, "Upload-Metadata")!.Split(',').Order());

        options["terminate"] = true;
        options["from"] = (string)result["url"]!;
        var ended = await RunAsync(host.Address, options);

        Assert.Equal(["HEAD 200", "DELETE 204"], ended["requests"]!.AsArray().Select(r => (string?)r));
        using var gone = await tus.SendAsync("HEAD", (string)result["url"]!);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    [Fact]
    public async Task Upload_FromAnAddressThatIsGone_BeginsAnew()
    {
        var result = await RunAsync(host.Address, new JsonObject { ["from"] = new Uri(host.Address, TusClient.Root + "/" + new string('A', 27)).AbsoluteUri, ["options"] = new JsonObject() });

        Assert.Equal("HEAD 404", (string?)result["requests"]![0]);
        Assert.Equal(host.Sha256, (await tus.ItemAsync((string)result["url"]!)).Sha256);
    }

    [Theory]
    [InlineData("""{"options":{"chunkSize":8388608}}""", false)]
    [InlineData("""{"options":{}}""", false)]
    [InlineData("""{"options":{"parallelUploads":4}}""", false)]
    [InlineData("""{"patience":1500,"options":{"chunkSize":8388608}}""", true)]
    public async Task Upload_OverABadNetwork_ArrivesWhole(string options, bool stalls)
    {
        // A stalled connection is noticed by nobody but the sender, who gives it up (patience) and comes back on another.
        await using var network = stalls
            ? new CuttingProxy(host.Address, stall: true, 22_000_000)
            : new CuttingProxy(host.Address, stall: false, 3_000_000, 11_000_000, 19_500_000);

        var result = await RunAsync(network.Address, JsonNode.Parse(options)!);

        Assert.True(result["error"] is null, result.ToString());
        Assert.True(network.Broken > 0);
        Assert.Equal(host.Sha256, (await tus.ItemAsync((string)result["url"]!)).Sha256);
    }

    private async Task<JsonNode> RunAsync(Uri program, JsonNode run)
    {
        run["file"] = host.File;
        run["options"] ??= new JsonObject();
        run["options"]!["endpoint"] = new Uri(program, TusClient.Root).AbsoluteUri;
        var repository = Repository();
        using var node = Process.Start(new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(repository, "tests", "ReportIntake.Web.Tests", "Intake", "Uploads", "tus-js-client.mjs"),
                Path.Combine(repository, "src", "ReportIntake.Web", "Assets", "package.json"),
                run.ToJsonString(),
            },
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var errors = node.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            var output = await node.StandardOutput.ReadToEndAsync(patience.Token);
            Assert.True(output.Length > 0, await errors);
            return JsonNode.Parse(output)!;
        }
        finally
        {
            node.Kill();
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
