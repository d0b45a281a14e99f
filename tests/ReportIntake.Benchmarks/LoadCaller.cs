using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;

namespace ReportIntake.Benchmarks;

/// <summary>Calls the service and writes down how long it took and what went wrong.</summary>
internal sealed class LoadCaller(Uri address, LoadFigures figures) : IDisposable
{
    private readonly HttpClient http = new(Handler(address)) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(90) };

    public Uri Address => address;

    public string? Authorization { get; init; }

    /// <summary>Null where it was not a success, which then is written down.</summary>
    /// <param name="from">See <see cref="LoadFigures.Took"/>; now, where it is left out.</param>
    public async Task<LoadAnswer?> CallAsync(string kind, HttpMethod method, string path, HttpContent? content = null, long? from = null, params (string Name, string Value)[] headers)
    {
        var start = from ?? Stopwatch.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            if (Authorization is not null)
            {
                request.Headers.Authorization = AuthenticationHeaderValue.Parse(Authorization);
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            if (!answer.IsSuccessStatusCode)
            {
                figures.Failed(kind, $"{(int)answer.StatusCode} {Code(body)}");
                return null;
            }

            figures.Took(kind, start);
            return new LoadAnswer(answer.StatusCode, answer.Headers, body);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            figures.Failed(kind, failure is HttpRequestException { HttpRequestError: var error } ? $"{error}" : failure.GetType().Name);
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    private static string Code(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement.TryGetProperty("code", out var code) ? code.GetString()! : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>Every name is this machine; the proxy's certificate was made for the run.</summary>
    private static SocketsHttpHandler Handler(Uri address) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == LoadProxy.CertificateSubject },
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}

internal sealed record LoadAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, byte[] Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
