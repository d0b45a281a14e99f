using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ReportIntake.Web.Tests.Moderation;
using ReportIntake.Web.Tests.RoleMatrix;
using Xunit.Abstractions;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>
/// A hundred malformed calls of every route, made from the committed description, with everybody's credentials: each is
/// answered by a status, a content type and a code that the description names, and never by a 500. <c>FUZZ_SEED</c> makes other calls.
/// </summary>
public sealed class MalformedCallsTests(ITestOutputHelper output)
{
    private const int CallsPerRoute = 100;
    private const int AtOnce = 8;

    private static readonly Dictionary<string, string[]> Right = new()
    {
        ["police"] = ["police"],
        ["receipt"] = ["receipt"],
        ["staff"] = ["moderator", "supervisor", "custodian", "admin"],
    };

    [Fact]
    public async Task EveryRoute_MalformedCalls_AreAnsweredAsDescribed()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "20261122", CultureInfo.InvariantCulture);
        output.WriteLine($"FUZZ_SEED={seed}");
        await using var host = new ModerationHost();
        using var callers = await Callers.CreateAsync(host);
        var routes = RoleTable.Rows.Keys.ToDictionary(Plain);

        // Signing out ends the sessions of the caller, so it comes last.
        var operations = Description.Read().Where(o => o.Path.StartsWith("/api/", StringComparison.Ordinal)).OrderBy(o => o.Id is "staffLogout" or "endSessions").ToList();
        var wrong = new ConcurrentDictionary<string, string>();
        var (calls, refused) = (0, 0);
        foreach (var (operation, index) in operations.Select((o, i) => (o, i)))
        {
            using var right = await callers.RequestAsync(routes[$"{operation.Method} {operation.Path}"], "anonymous", mayGetThrough: false);
            await Parallel.ForAsync(0, CallsPerRoute, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, ct) =>
            {
                var seedOfCall = unchecked((seed * 31) + (index * 1009) + number);
                var (sent, mistake, isRefused) = await SendAsync(callers, operation, right.RequestUri!.OriginalString, seedOfCall, ct);
                Interlocked.Increment(ref calls);
                Interlocked.Add(ref refused, isRefused ? 1 : 0);
                if (mistake is not null)
                {
                    wrong.TryAdd(Short($"{operation.Id}: {mistake}"), $"call {number}: {sent}");
                }
            });
        }

        output.WriteLine($"{calls} calls of {operations.Count} routes, {refused} refused");
        Assert.True(wrong.IsEmpty, $"FUZZ_SEED={seed}\n" + string.Join('\n', wrong.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key}\n    {w.Value}")));
        Assert.True(refused > calls / 2, "The calls were not malformed.");
    }

    /// <summary>
    /// Sends a call, and says what is wrong with its answer. The server closes a connection with more body on it than it
    /// takes, and a call of somebody else that was put on that connection is lost; so such a call is made again.
    /// </summary>
    private static async Task<(string Sent, string? Mistake, bool IsRefused)> SendAsync(Callers callers, Operation operation, string address, int seed, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var random = new Random(seed);
            var caller = operation.Security is { } scheme && random.Next(3) != 0 ? Right[scheme][random.Next(Right[scheme].Length)] : RoleTable.Callers[random.Next(RoleTable.Callers.Count)];
            using var request = new MalformedCalls(operation, address, random).Next();
            var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(ct);
            var sent = $"{request.Method} {Short(request.RequestUri!.OriginalString)} as {caller}, {request.Content?.Headers.ContentType}, {Short(Encoding.Latin1.GetString(body))}";
            try
            {
                using var answer = await callers[caller].SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                var declared = answer.Content.Headers.ContentType?.MediaType;
                var type = answer.Content.Headers.ContentLength == 0 && declared != "application/x-ndjson" ? null : declared; // no lines are lines, too
                var problem = type == "application/problem+json" && operation.Method != "HEAD"
                    ? await JsonSerializer.DeserializeAsync<JsonElement>(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct)
                    : (JsonElement?)null;
                return (sent, operation.WrongWith((int)answer.StatusCode, type, problem), !answer.IsSuccessStatusCode);
            }
            catch (HttpRequestException lost) when (attempt == 5)
            {
                return (sent, $"no answer: {lost.InnerException?.Message ?? lost.Message}", true);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, ct);
            }
        }
    }

    /// <summary><c>GET /reports/{id:guid}</c> as the description has it: without constraints.</summary>
    private static string Plain(string route) => string.Join('/', route.Split('/').Select(part => part.StartsWith('{') ? "{" + part.Trim('{', '}', '?').Split(':')[0] + "}" : part));

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
