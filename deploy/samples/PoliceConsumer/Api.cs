using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PoliceConsumer;

/// <summary>The service says that this client may not: 401 or 403.</summary>
internal sealed class AccessRefusedException(string message) : Exception(message);

/// <summary>
/// Calls of the service. What passes by itself (no network, 429, 5xx) is repeated after <c>Retry-After</c> or a growing
/// wait, for as long as it takes; what does not pass is thrown; everything else is answered to the caller.
/// </summary>
internal sealed class Api : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);
    private readonly HttpClient http;

    public Api(Uri address, string key)
    {
        // Longer than the longest poll; downloads are read as streams, to which this does not apply.
        http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("PoliceConsumer", "1.0"));
    }

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken ct, RangeHeaderValue? range = null) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = range } }, ct);

    /// <param name="idempotencyKey">The same for the same deed: then a repetition, of this call or after a restart, does it once.</param>
    public Task<HttpResponseMessage> PostAsync(string path, string idempotencyKey, CancellationToken ct) => SendAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            return request;
        },
        ct);

    /// <summary>The permanent code of a problem document; null where the answer is none.</summary>
    public static async Task<string?> CodeAsync(HttpResponseMessage answer, CancellationToken ct) =>
        (await ProblemAsync(answer, ct)) is { } problem && problem.TryGetProperty("code", out var code) ? code.GetString() : null;

    public static async Task<JsonElement?> ProblemAsync(HttpResponseMessage answer, CancellationToken ct) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(ct))
            : null;

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                using var sent = request();
                var answer = await http.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead, ct);
                if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                {
                    throw new AccessRefusedException($"{(int)answer.StatusCode} {await CodeAsync(answer, ct)}: {sent.RequestUri}");
                }

                if (answer.StatusCode is not HttpStatusCode.TooManyRequests && answer.StatusCode < HttpStatusCode.InternalServerError)
                {
                    return answer;
                }

                wait = answer.Headers.RetryAfter?.Delta ?? Growing(attempt);
                Console.WriteLine($"{(int)answer.StatusCode} {await CodeAsync(answer, ct)}; again in {wait.TotalSeconds:0.#} s");
                answer.Dispose();
            }
            catch (Exception away) when (away is HttpRequestException or IOException || (away is TaskCanceledException && !ct.IsCancellationRequested))
            {
                wait = Growing(attempt);
                Console.WriteLine($"The service does not answer; again in {wait.TotalSeconds:0.#} s");
            }

            await Task.Delay(wait, ct);
        }
    }

    /// <summary>Doubles with every attempt; by chance up to half longer, so that many clients do not come back at one moment.</summary>
    private static TimeSpan Growing(int attempt)
    {
        var seconds = Math.Min(LongestWait.TotalSeconds, 0.5 * Math.Pow(2, Math.Min(attempt, 10)));
        return TimeSpan.FromSeconds(seconds * (1 + (Random.Shared.NextDouble() / 2)));
    }
}
