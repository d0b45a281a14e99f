using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Features.Police.ChangeFeed;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>How a call ended.</summary>
/// <param name="RetryAfter">What a 429 or 503 asks for.</param>
public sealed record WebhookAnswer(WebhookAttempt Attempt, TimeSpan? RetryAfter)
{
    public bool IsGone => Attempt.Status == StatusCodes.Status410Gone;
}

/// <summary>
/// Calls receivers as Standard Webhooks says (https://www.standardwebhooks.com): any 2xx is a success, everything else a
/// failure; no redirect is followed, no proxy asked, certificates are verified, and of the answer's body nothing is used.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>Bytes of an answer's body that are taken in so that the connection can be used again.</summary>
    private const int MostOfBody = 1_024;

    private readonly HttpClient http;
    private readonly TimeProvider clock;
    private readonly TimeSpan timeout;

    public WebhookSender(ReceiverAddresses addresses, IOptions<WebhookOptions> options, TimeProvider clock)
    {
        (this.clock, timeout) = (clock, options.Value.Timeout);
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = addresses.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            MaxResponseDrainSize = MostOfBody,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // a name that leads elsewhere now is looked up again
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ReportIntake-Webhooks", "1"));
    }

    /// <param name="secrets">Each signs, so that a receiver that knows any of them can verify.</param>
    /// <param name="id">The event's: the same at every attempt.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled; whether the receiver got it is not known.</exception>
    public async Task<WebhookAnswer> SendAsync(string url, IEnumerable<byte[]> secrets, Guid id, byte[] body, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var start = Stopwatch.GetTimestamp();
        using var request = Request(url, secrets, id, body, now);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)answer.StatusCode;
            return new WebhookAnswer(Attempt(status, FailureOf(status)), RetryAfter(answer, now));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new WebhookAnswer(Attempt(null, WebhookFailure.Timeout), null);
        }
        catch (HttpRequestException failure)
        {
            return new WebhookAnswer(Attempt(null, FailureOf(failure)), null);
        }

        WebhookAttempt Attempt(int? status, WebhookFailure? failure) => new(now, status, failure, (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Request(string url, IEnumerable<byte[]> secrets, Guid id, byte[] body, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body];
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.ContentType, "utf-8");
        request.Headers.Add("webhook-id", id.ToString());
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', secrets.Select(s => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(s, signed))}")));
        return request;
    }

    private static WebhookFailure? FailureOf(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => WebhookFailure.Redirect,
        _ => WebhookFailure.Status,
    };

    private static WebhookFailure FailureOf(HttpRequestException failure) => failure switch
    {
        { InnerException: AddressRefusedException } => WebhookFailure.AddressRefused,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => WebhookFailure.NameNotResolved,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => WebhookFailure.TlsFailed,
        _ => WebhookFailure.ConnectionFailed,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage answer, DateTimeOffset now)
    {
        if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return null;
        }

        var asked = answer.Headers.RetryAfter?.Delta ?? answer.Headers.RetryAfter?.Date - now;
        return asked is null || asked < TimeSpan.Zero ? null : asked > RetrySchedule.LongestWait ? RetrySchedule.LongestWait : asked;
    }
}
