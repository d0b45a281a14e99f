using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ReportIntake.Web.Tests.Telemetry;

/// <summary>A collector on a port of loopback that keeps what it is sent by OTLP/HTTP, which is protobuf: its texts stand in it as they are.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication server;

    private OtlpReceiver(WebApplication server) => this.server = server;

    public ConcurrentBag<string> Traces { get; } = [];

    public ConcurrentBag<string> Metrics { get; } = [];

    public string Url => server.Urls.Single();

    public IEnumerable<string> Everything => Traces.Concat(Metrics);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", context => KeepAsync(context, receiver.Traces));
        app.MapPost("/v1/metrics", context => KeepAsync(context, receiver.Metrics));
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task KeepAsync(HttpContext context, ConcurrentBag<string> kept)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        kept.Add(Encoding.Latin1.GetString(body.ToArray())); // every byte a character, so that nothing is lost
    }
}
