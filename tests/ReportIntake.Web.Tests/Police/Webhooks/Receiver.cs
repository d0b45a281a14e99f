using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ReportIntake.Web.Tests.Police.Webhooks;

/// <summary>One call as a receiver got it.</summary>
/// <param name="Headers">By name in lower case.</param>
internal sealed record Call(IReadOnlyDictionary<string, string> Headers, string Body)
{
    public Guid EventId => Guid.Parse(Headers["webhook-id"]);

    public string[] Signatures => Headers["webhook-signature"].Split(' ');
}

/// <summary>A police system's server on a port of loopback: keeps every call, and answers as the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication server;

    private Receiver(WebApplication server) => this.server = server;

    /// <summary>Every call, in the order in which they came, whatever was answered.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>The calls that were answered 200.</summary>
    public ConcurrentQueue<Call> Taken { get; } = new();

    /// <summary>200 unless told otherwise.</summary>
    public Func<HttpContext, Call, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public string Url => server.Urls.Single() + "/hooks?from=reportintake";

    /// <param name="certificate">For https.</param>
    public static async Task<Receiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    public void AnswerWith(int status) => Answer = (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await server.StopAsync(soon.Token);
        await server.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var call = new Call(
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), await reader.ReadToEndAsync(context.RequestAborted));
        Calls.Enqueue(call);
        await Answer(context, call);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            Taken.Enqueue(call);
        }
    }
}
