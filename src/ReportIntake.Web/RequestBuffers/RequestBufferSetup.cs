using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ReportIntake.Web.RequestBuffers;

public static class RequestBufferSetup
{
    /// <summary>
    /// What of a request may wait in memory before the sender is held back, bytes per connection. Kestrel's default is 1 MiB,
    /// which is 64 MiB with 64 uploads at once and makes none of them faster.
    /// </summary>
    private const int PerConnection = 64 * 1024;

    /// <remarks>
    /// Two limits: <see cref="SocketTransportOptions.MaxReadBufferSize"/> is the one that holds a plain connection back;
    /// <see cref="KestrelServerLimits.MaxRequestBufferSize"/> acts where a layer such as TLS stands between socket and request.
    /// </remarks>
    public static IServiceCollection AddRequestBuffers(this IServiceCollection services) => services
        .Configure<SocketTransportOptions>(socket => socket.MaxReadBufferSize = PerConnection)
        .Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBufferSize = PerConnection)
        .AddSingleton<BlockPool>()
        .AddSingleton<IMemoryPoolFactory<byte>, BlockPoolFactory>();
}
