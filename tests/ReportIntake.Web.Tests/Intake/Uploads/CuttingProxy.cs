using System.Net;
using System.Net.Sockets;

namespace ReportIntake.Web.Tests.Intake.Uploads;

/// <summary>
/// A bad network on loopback: passes bytes on to the program, and breaks the connection on which the n-th byte goes up. Cut: both ends
/// get a reset. Stall: nobody is told anything, nothing moves any more.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Uri program;
    private readonly bool stall;
    private readonly Queue<long> breaks;
    private readonly Lock gate = new();
    private readonly Task accepting;
    private long sent;

    /// <param name="program">Where the program listens.</param>
    /// <param name="stall">Stall instead of cutting.</param>
    /// <param name="breaks">Ascending numbers of bytes, counted upwards over all connections.</param>
    public CuttingProxy(Uri program, bool stall, params long[] breaks)
    {
        (this.program, this.stall, this.breaks) = (program, stall, new Queue<long>(breaks));
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Connections broken so far.</summary>
    public int Broken { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(RelayAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task RelayAsync(Socket sender)
    {
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var _ = sender;
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        try
        {
            await receiver.ConnectAsync(program.Host, program.Port, stop.Token);
            await Task.WhenAny(PumpAsync(sender, receiver, up: true, broken), PumpAsync(receiver, sender, up: false, broken));
            await broken.CancelAsync();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One end has gone; so does the other.
        }

        // Reset, as a network does that forgets a connection.
        sender.LingerState = receiver.LingerState = new LingerOption(true, 0);
    }

    private async Task PumpAsync(Socket from, Socket to, bool up, CancellationTokenSource broken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, broken.Token) is var read and > 0)
            {
                if (up && Breaks(read))
                {
                    if (stall)
                    {
                        await Task.Delay(Timeout.Infinite, stop.Token);
                    }

                    return;
                }

                for (var done = 0; done < read;)
                {
                    done += await to.SendAsync(buffer.AsMemory(done, read - done), broken.Token);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Ends the connection.
        }
    }

    private bool Breaks(int read)
    {
        lock (gate)
        {
            sent += read;
            if (!breaks.TryPeek(out var next) || sent < next)
            {
                return false;
            }

            breaks.Dequeue();
            Broken++;
            return true;
        }
    }
}
