using System.Net;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Evidence;
using ReportIntake.Testing;
using ReportIntake.Web.Tests.Intake.Uploads;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>Two nodes over one bucket and one database, without a load balancer that keeps a phone at its node; and a node that dies.</summary>
public sealed class S3NodeHostTests(S3Place place) : IClassFixture<S3Place>
{
    private const int MiB = 1024 * 1024;

    private readonly byte[] content = RandomNumberGenerator.GetBytes((13 * MiB) + 5);

    [Fact]
    public async Task Upload_PatchesToEachNodeInTurn_IsOneFile()
    {
        await using var first = new S3Host(place.Settings());
        await using var second = new S3Host(place.Settings(), first);
        TusClient[] nodes = [new(first), new(second)];
        var path = await nodes[0].CreateAsync(content.Length);
        for (var (at, i) = (0, 1); at < content.Length; i++)
        {
            var end = Math.Min(at + (3 * MiB), content.Length);
            Assert.Equal(at, await nodes[i % 2].OffsetAsync(path));
            using var sent = await nodes[i % 2].PatchAsync(path, at, content[at..end]);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
            at = end;
        }

        await IsStoredAsync(first, nodes[0], path);
        await IsStoredAsync(second, nodes[1], path);
    }

    /// <summary>The first node holds a connection that is dead and does not know it.</summary>
    [Fact]
    public async Task Upload_LeftByItsPhone_GoesOnAtTheOtherNode()
    {
        await using var first = new S3Host(place.Settings());
        await using var second = new S3Host(place.Settings(), first);
        var (at, other) = (new TusClient(first), new TusClient(second));
        var path = await at.CreateAsync(content.Length);
        using (var sent = await at.PatchAsync(path, 0, content[..(3 * MiB)]))
        {
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        }

        await using (var network = new CuttingProxy(first.Address, stall: true, 6 * MiB))
        {
            using var phone = new HttpClient { BaseAddress = network.Address };
            using var lost = Patch(path, 3 * MiB, content[(3 * MiB)..]);
            using var leave = new CancellationTokenSource();
            var sending = phone.SendAsync(lost, leave.Token);
            while (network.Broken == 0)
            {
                await Task.Delay(10);
            }

            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
            Assert.Equal(3 * MiB, await other.OffsetAsync(path));
            using var rest = await other.PatchAsync(path, 3 * MiB, content[(3 * MiB)..]);
            Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        }

        // The network has told the first node, which now tries to keep what it had; then it takes its next request.
        await IsStoredAsync(first, at, path);
    }

    /// <summary>A phone that got no answer asks again, and comes to the other node.</summary>
    [Fact]
    public async Task Final_AskedOfBothNodesAtOnce_IsOneUpload()
    {
        await using var first = new S3Host(place.Settings());
        await using var second = new S3Host(place.Settings(), first);
        TusClient[] nodes = [new(first), new(second)];
        var parts = new List<string>();
        foreach (var part in new[] { content[..(6 * MiB)], content[(6 * MiB)..] })
        {
            using var begun = await nodes[0].SendAsync("POST", TusClient.Root, null, ("Upload-Length", TusClient.Text(part.Length)), ("Upload-Concat", "partial"));
            parts.Add(begun.Headers.Location!.OriginalString);
            using var sent = await nodes[0].PatchAsync(parts[^1], 0, part);
            Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        }

        var answers = await Task.WhenAll(nodes.Select(n => n.SendAsync("POST", TusClient.Root, null, ("Upload-Concat", "final;" + string.Join(' ', parts)))));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], answers.Select(a => a.StatusCode));
        await IsStoredAsync(second, nodes[1], Assert.Single(answers.Select(a => a.Headers.Location!.OriginalString).Distinct()));
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Upload_NodeKilledInTheMiddle_GoesOnAfterTheRestart()
    {
        var directory = Directory.CreateTempSubdirectory("reportintake-s3-kill-").FullName;
        try
        {
            var settings = place.Settings().ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value!);
            settings["Database__Provider"] = "Sqlite";
            settings["Database__MigrateAtStart"] = "true";
            string path;
            await using (var program = await ProgramProcess.StartAsync(directory, settings))
            {
                using var phone = new HttpClient { BaseAddress = program.Address };
                using var begin = new HttpRequestMessage(HttpMethod.Post, TusClient.Root) { Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", $"{content.Length}" } } };
                using var begun = await phone.SendAsync(begin);
                path = begun.Headers.Location!.OriginalString;
                using var part = Patch(path, 0, content[..(5 * MiB)]);
                using var sent = await phone.SendAsync(part);
                Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
                await using var network = new CuttingProxy(program.Address, stall: true, 6 * MiB);
                using var throughIt = new HttpClient { BaseAddress = network.Address };
                using var second = Patch(path, 5 * MiB, content[(5 * MiB)..]);
                var sending = throughIt.SendAsync(second);
                while (network.Broken == 0)
                {
                    await Task.Delay(10);
                }

                await program.KillAsync();
            }

            await using (var program = await ProgramProcess.StartAsync(directory, settings))
            {
                using var phone = new HttpClient { BaseAddress = program.Address };
                using var look = new HttpRequestMessage(HttpMethod.Head, path) { Headers = { { "Tus-Resumable", "1.0.0" } } };
                using var offset = await phone.SendAsync(look);
                Assert.Equal($"{5 * MiB}", TusClient.Header(offset, "Upload-Offset"));
                using var rest = Patch(path, 5 * MiB, content[(5 * MiB)..]);
                using var sent = await phone.SendAsync(rest);
                Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
            }

            await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "reportintake.db")};Pooling=false");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT hex(Sha256) FROM Evidence";
            Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), await command.ExecuteScalarAsync());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static HttpRequestMessage Patch(string path, int offset, byte[] body) => new(HttpMethod.Patch, path)
    {
        Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Offset", $"{offset}" } },
        Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/offset+octet-stream") } },
    };

    private async Task IsStoredAsync(IntakeHost host, TusClient tus, string path)
    {
        Assert.Equal(content.Length, await tus.OffsetAsync(path));
        var item = await tus.ItemAsync(path);
        Assert.Equal((EvidenceState.Stored, Convert.ToHexString(SHA256.HashData(content))), (item.State, Convert.ToHexString(item.Sha256!)));
        Assert.Equal(content, await tus.ContentAsync(item.Id));
        Assert.Equal(1, await host.WithDatabaseAsync(d => d.Evidence.CountAsync()));
    }
}
