using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ReportIntake.Benchmarks;

/// <summary>
/// One upload over a bare socket, the same for every server: a client that costs little, so that what is measured is the
/// server.
/// </summary>
internal sealed class TusUpload(Uri address, string root)
{
    /// <param name="size">Bytes in all.</param>
    /// <param name="piece">Sent again and again until so many have been sent.</param>
    /// <returns>Path of the finished upload.</returns>
    public async Task<string> SendAsync(long size, ReadOnlyMemory<byte> piece)
    {
        using var socket = await ConnectAsync();
        var created = await AskAsync(socket, Head("POST", root, ("Upload-Length", Text(size)), ("Content-Length", "0")));
        var location = created.Split("\r\n").Single(l => l.StartsWith("Location:", StringComparison.OrdinalIgnoreCase))["Location:".Length..].Trim();
        var path = new Uri(address, location).AbsolutePath;
        await SendAllAsync(socket, Head(
            "PATCH", path, ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream"), ("Content-Length", Text(size))));
        for (var left = size; left > 0; left -= Math.Min(left, piece.Length))
        {
            await SendAllAsync(socket, piece[..(int)Math.Min(left, piece.Length)]);
        }

        Expect(await AnswerAsync(socket), " 204 ");
        return path;
    }

    public async Task RemoveAsync(string path)
    {
        using var socket = await ConnectAsync();
        await AskAsync(socket, Head("DELETE", path, ("Content-Length", "0")));
    }

    private static async Task<string> AskAsync(Socket socket, ReadOnlyMemory<byte> request)
    {
        await SendAllAsync(socket, request);
        var answer = await AnswerAsync(socket);
        Expect(answer, " 20");
        return answer;
    }

    private static void Expect(string answer, string status)
    {
        if (!answer.Split("\r\n")[0].Contains(status, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The server answered: {answer}");
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    /// <summary>The answer's head; these answers have no body that matters.</summary>
    private static async Task<string> AnswerAsync(Socket socket)
    {
        var buffer = new byte[8192];
        var text = new StringBuilder();
        while (await socket.ReceiveAsync(buffer) is var received and > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, received));
            if (text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                return text.ToString();
            }
        }

        throw new InvalidOperationException($"The server closed the connection after: {text}");
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        return socket;
    }

    private ReadOnlyMemory<byte> Head(string method, string path, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {address.Authority}\r\nTus-Resumable: 1.0.0\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
