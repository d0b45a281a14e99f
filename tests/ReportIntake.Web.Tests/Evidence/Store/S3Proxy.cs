using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>What a server may do to a request instead of answering it.</summary>
public enum S3Fault
{
    None,

    /// <summary>Amazon's way of saying that there are too many requests.</summary>
    SlowDown,
    InternalError,

    /// <summary>The connection breaks off before the answer.</summary>
    Broken,

    /// <summary>It is done, and the connection breaks off before anybody is told.</summary>
    LostAnswer,

    /// <summary>The connection breaks off in the middle of the answer's body.</summary>
    CutAnswer,
}

/// <summary>
/// Stands before a real S3 server, passes requests on as they are signed, and does to some of them what a bad day would. It keeps
/// conditions on writes (If-Match, If-None-Match), which s3rver overlooks and Amazon and MinIO keep.
/// </summary>
internal sealed class S3Proxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Uri server;
    private readonly SemaphoreSlim conditional = new(1);

    private S3Proxy(S3Server server)
    {
        (this.server, TagOf) = (server.Address, server.TagOf);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        app = builder.Build();
        app.Run(PassAsync);
    }

    public Uri Address => new(app.Urls.Single());

    /// <summary>By method and address, before the request is passed on.</summary>
    public Func<string, string, S3Fault> Decide { get; set; } = (_, _) => S3Fault.None;

    private Func<string, string?> TagOf { get; }

    public static async Task<S3Proxy> StartAsync(S3Server server)
    {
        var proxy = new S3Proxy(server);
        await proxy.app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
        http.Dispose();
        conditional.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var fault = Decide(context.Request.Method, target);
        try
        {
            switch (fault)
            {
                case S3Fault.Broken:
                    context.Abort();
                    break;
                case S3Fault.SlowDown or S3Fault.InternalError:
                    await RefuseAsync(context, fault is S3Fault.SlowDown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError, $"{fault}");
                    break;
                default:
                    await KeepingConditionsAsync(context, target, fault);
                    break;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort(); // the server is away, or whoever asked has gone
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, string code)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>Not now.</Message></Error>");
    }

    private async Task KeepingConditionsAsync(HttpContext context, string target, S3Fault fault)
    {
        var (match, noneMatch) = (context.Request.Headers.IfMatch.ToString(), context.Request.Headers.IfNoneMatch.ToString());
        if (context.Request.Method != "PUT" || match.Length + noneMatch.Length == 0)
        {
            await PassAsync(context, target, fault);
            return;
        }

        await conditional.WaitAsync(context.RequestAborted);
        try
        {
            // By the server's files: a question of our own would have to be signed.
            var there = TagOf(new Uri(server, target).AbsolutePath);
            if (noneMatch.Length > 0 ? there is not null : there != match)
            {
                await RefuseAsync(context, StatusCodes.Status412PreconditionFailed, "PreconditionFailed");
                return;
            }

            await PassAsync(context, target, fault);
        }
        finally
        {
            conditional.Release();
        }
    }

    private async Task PassAsync(HttpContext context, string target, S3Fault fault)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(server, target)) { Version = HttpVersion.Version11 };
        if (context.Request.ContentLength is not null)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Connection" or "Expect")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (fault is S3Fault.LostAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat<KeyValuePair<string, IEnumerable<string>>>(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (fault is not S3Fault.CutAnswer)
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
