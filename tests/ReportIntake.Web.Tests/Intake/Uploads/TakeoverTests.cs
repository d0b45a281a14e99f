using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>A phone changes networks: its old connection is dead, and the server cannot know. Whoever comes newer goes on.</summary>
public sealed class TakeoverTests(UploadHost host) : IClassFixture<UploadHost>
{
    private const int Sent = 300_000;
    private readonly TusClient tus = new(host);

    [Fact]
    public async Task Append_WhileADeadConnectionHoldsTheUpload_GoesOnWithoutWaitingForIt()
    {
        var content = RandomNumberGenerator.GetBytes(900_000);
        var path = await tus.CreateAsync(content.Length);
        await using var network = new CuttingProxy(host.Address, stall: true, Sent + 10_000);
        using var dead = await StallAsync(network, path, content);

        var offset = await tus.OffsetAsync(path);
        using var rest = await tus.PatchAsync(path, offset, content[(int)offset..]);

        Assert.InRange(offset, 1, Sent + 16_384);
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
    }

    [Fact]
    public async Task Append_AtAGuessedOffset_StopsTheDeadConnectionAndTellsWhereItStood()
    {
        var content = RandomNumberGenerator.GetBytes(900_000);
        var path = await tus.CreateAsync(content.Length);
        await using var network = new CuttingProxy(host.Address, stall: true, Sent + 10_000);
        using var dead = await StallAsync(network, path, content);

        using var guess = await tus.PatchAsync(path, 0, content);

        Assert.Equal("upload_offset_mismatch", await TusClient.CodeAsync(guess));
        Assert.InRange(await tus.OffsetAsync(path), 1, Sent + 16_384);
    }

    [Fact]
    public async Task Delete_WhileADeadConnectionHoldsTheUpload_RemovesIt()
    {
        var path = await tus.CreateAsync(900_000);
        await using var network = new CuttingProxy(host.Address, stall: true, Sent + 10_000);
        using var dead = await StallAsync(network, path, new byte[900_000]);

        using var deleted = await tus.SendAsync("DELETE", path);
        using var head = await tus.SendAsync("HEAD", path);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, head.StatusCode));
    }

    [Fact]
    public async Task Append_ManyAtOnce_NeverInterleave()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        var path = await tus.CreateAsync(content.Length);
        async Task SendAsync()
        {
            while ((await tus.ItemAsync(path)).State is EvidenceState.Uploading)
            {
                var offset = await tus.OffsetAsync(path);
                using var answer = await tus.PatchAsync(path, offset, content[(int)offset..]);
                Assert.True(answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Conflict, answer.StatusCode.ToString());
            }
        }

        var racing = Task.WhenAll(SendAsync(), SendAsync(), SendAsync());
        await racing.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(SHA256.HashData(content), (await tus.ItemAsync(path)).Sha256);
    }

    /// <summary>Begins a request whose bytes stop on the way, with both ends of the connection left open.</summary>
    private async Task<TcpClient> StallAsync(CuttingProxy network, string path, byte[] content)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(network.Address.Host, network.Address.Port);
        var head = string.Create(CultureInfo.InvariantCulture, $"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {content.Length}\r\n\r\n");
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await socket.GetStream().WriteAsync(content.AsMemory(0, Sent + 20_000));
        var item = (await tus.ItemAsync(path)).Id;
        var file = Directory.EnumerateFiles(Path.Combine(host.DataDirectory, "evidence"), $"{item:n}*.part", SearchOption.AllDirectories).Single();
        while (network.Broken == 0 || new FileInfo(file).Length < Sent / 2)
        {
            await Task.Delay(10);
        }

        return socket;
    }
}
