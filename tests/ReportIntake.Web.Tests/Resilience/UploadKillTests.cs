using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;
using Xunit.Abstractions;

namespace ReportIntake.Web.Tests.Resilience;

/// <summary><c>kill -9</c> at random offsets of an upload, and in the middle of joining parts: gone on with, the file is the same to the byte.</summary>
public sealed class UploadKillTests(ITestOutputHelper output) : IDisposable
{
    private const int MaxRounds = 8, Size = 24_000_000;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(9);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Database__Provider"] = "Sqlite",
        ["Database__MigrateAtStart"] = "true",
        ["RateLimits__Uploads__Burst"] = "100000",
    };

    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-upload-kill-").FullName;
    private readonly int seed = Environment.TickCount;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Kill_AtRandomOffsets_GoesOnToTheSameFile()
    {
        var random = Seeded();
        var content = new byte[Size];
        random.NextBytes(content);
        var time = Stopwatch.StartNew();
        string? path = null;
        var answered = 0L;
        for (var round = 0; round < MaxRounds && time.Elapsed < Budget; round++)
        {
            await using var program = await ProgramProcess.StartAsync(directory, Settings);
            using var client = Submitter.Client(program.Address);
            path ??= await CreateAsync(client, ("Upload-Length", $"{Size}"));
            var offset = await OffsetAsync(client, path);
            Assert.True(offset >= answered, $"seed {seed}: {answered} bytes were answered, {offset} are there");
            var end = random.Next((int)offset, (int)Math.Min(Size, offset + (Size / 4)));
            using (var part = await PatchAsync(client, path, offset, new ByteArrayContent(content, (int)offset, end - (int)offset)))
            {
                Assert.Equal(HttpStatusCode.NoContent, part.StatusCode);
                answered = end;
            }

            var killAt = random.Next(end, Size);
            output.WriteLine($"round {round}: found {offset}, answered {answered}, killed when {killAt} were sent");
            var dying = new Dying(content, end, killAt, program.KillAsync);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => PatchAsync(client, path, end, dying));
        }

        await FinishAsync(path!, content, answered);
    }

    [Fact]
    public async Task Kill_WhileJoining_ThePartsOrTheFileAreThere()
    {
        var random = Seeded();
        var content = new byte[Size];
        random.NextBytes(content);
        var time = Stopwatch.StartNew();
        var parts = new List<string>();
        for (var round = 0; round < MaxRounds && time.Elapsed < Budget; round++)
        {
            await using var program = await ProgramProcess.StartAsync(directory, Settings);
            using var client = Submitter.Client(program.Address);
            if (parts.Count == 0)
            {
                foreach (var half in new[] { content[..(Size / 2)], content[(Size / 2)..] })
                {
                    parts.Add(await CreateAsync(client, ("Upload-Length", $"{half.Length}"), ("Upload-Concat", "partial")));
                    using var sent = await PatchAsync(client, parts[^1], 0, new ByteArrayContent(half));
                    Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
                }
            }

            var joining = CreateAsync(client, ("Upload-Concat", "final;" + string.Join(' ', parts)));
            await Task.Delay(random.Next(150));
            await program.KillAsync();
            try
            {
                await joining;
                output.WriteLine($"round {round}: joined before the end");
            }
            catch (HttpRequestException)
            {
                output.WriteLine($"round {round}: killed before the answer");
            }
        }

        await using var restarted = await ProgramProcess.StartAsync(directory, Settings);
        using var last = Submitter.Client(restarted.Address);
        var path = await CreateAsync(last, ("Upload-Concat", "final;" + string.Join(' ', parts)));
        Assert.Equal(Size, await OffsetAsync(last, path));
        Assert.Equal([Convert.ToHexString(SHA256.HashData(content))], await HashesAsync());
    }

    private Random Seeded()
    {
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private async Task FinishAsync(string path, byte[] content, long answered)
    {
        await using var program = await ProgramProcess.StartAsync(directory, Settings);
        using var client = Submitter.Client(program.Address);
        var offset = (int)await OffsetAsync(client, path);
        Assert.True(offset >= answered, $"seed {seed}: {answered} bytes were answered, {offset} are there");
        using var rest = await PatchAsync(client, path, offset, new ByteArrayContent(content, offset, content.Length - offset));
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal([Convert.ToHexString(SHA256.HashData(content))], await HashesAsync());
    }

    private static async Task<string> CreateAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task<long> OffsetAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        using var answer = await client.SendAsync(request);
        return long.Parse(Assert.Single(answer.Headers.GetValues("Upload-Offset")), CultureInfo.InvariantCulture);
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, string path, long offset, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = content };
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return await client.SendAsync(request);
    }

    private async Task<List<string>> HashesAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "reportintake.db")};Default Timeout=10");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT hex(Sha256) FROM Evidence";
        await using var reader = await command.ExecuteReaderAsync();
        var hashes = new List<string>();
        while (await reader.ReadAsync())
        {
            hashes.Add(reader.GetString(0));
        }

        return hashes;
    }

    /// <summary>A body under which the program is killed.</summary>
    private sealed class Dying(byte[] content, int from, int killAt, Func<Task> kill) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = from; at < killAt; at += 64 * 1024)
            {
                await stream.WriteAsync(content.AsMemory(at, Math.Min(64 * 1024, killAt - at)));
            }

            await stream.FlushAsync();
            await kill();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length - from;
            return true;
        }
    }
}
