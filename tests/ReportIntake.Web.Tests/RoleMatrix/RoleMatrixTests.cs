using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web.Tests.Moderation;

namespace ReportIntake.Web.Tests.RoleMatrix;

/// <summary>
/// Every route of the running program, by every method, as every sort of caller; what each must get stands in
/// <see cref="RoleTable"/>. A new route without a row fails by its name, and so does a row without a route.
/// </summary>
public sealed class RoleMatrixTests
{
    private const string Allowed = "ok";

    [Fact]
    public async Task EveryRoute_EveryCaller_GetsWhatTheTableSays()
    {
        await using var host = new ModerationHost();
        using var callers = await Callers.CreateAsync(host);
        var routes = Routes(host);
        var table = RoleTable.Rows;

        var wrong = new StringBuilder();
        foreach (var route in routes.Where(r => !table.ContainsKey(r)))
        {
            wrong.AppendLine($"No row: {route}");
        }

        foreach (var row in table.Keys.Where(r => !routes.Contains(r)))
        {
            wrong.AppendLine($"No route: {row}");
        }

        // Those that end the callers' sessions last, and each on new ones.
        foreach (var route in routes.Where(table.ContainsKey).OrderBy(EndsSessions))
        {
            if (EndsSessions(route))
            {
                await callers.SignInStaffAsync();
            }

            for (var i = 0; i < RoleTable.Callers.Count; i++)
            {
                var caller = RoleTable.Callers[i];
                var expected = table[route][i];
                using var request = await callers.RequestAsync(route, caller, expected == Allowed);
                using var answer = await callers[caller].SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // a stream has no end
                var (got, detail) = Verdict(answer, route);
                if (got != expected)
                {
                    wrong.AppendLine($"{route} as {caller}: {expected} expected, {got} ({detail}) {await BriefAsync(answer)}");
                }
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static bool EndsSessions(string route) => route is "DELETE /api/v1/staff/sessions" or "POST /api/v1/staff/logout";

    [Fact]
    public async Task Assets_NobodySignedIn_AreServed()
    {
        await using var host = new ModerationHost();
        using var client = host.Client();
        var assets = Endpoints(host).Select(e => e.RoutePattern.RawText!).Where(IsAsset).Distinct().ToList();

        Assert.NotEmpty(assets);
        foreach (var asset in assets)
        {
            using var answer = await client.GetAsync("/" + asset.TrimStart('/'));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{asset}: {answer.StatusCode}");
        }
    }

    /// <summary>Allowed means that the request got to the route's own work: done, or refused for the state things are in.</summary>
    private static (string Verdict, string Detail) Verdict(HttpResponseMessage answer, string route)
    {
        var status = (int)answer.StatusCode;
        var to = answer.Headers.Location?.OriginalString;
        if (to?.StartsWith("/staff/sign-in", StringComparison.Ordinal) is true)
        {
            return ("sign-in", to);
        }

        // A page's form is refused for its missing antiforgery token, and only once the caller may post it.
        var reached = status is (>= 200 and < 400) or 409 or 412 || (status == 400 && !route.Contains("/api/", StringComparison.Ordinal));
        return (reached ? Allowed : $"{status}", $"{status}");
    }

    private static async Task<string> BriefAsync(HttpResponseMessage answer)
    {
        var body = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? await answer.Content.ReadAsStringAsync() : "";
        return body.Length > 300 ? body[..300] : body;
    }

    private static HashSet<string> Routes(ModerationHost host) => [.. Endpoints(host)
        .Where(e => !IsAsset(e.RoutePattern.RawText!))
        .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            .Select(method => $"{method} /{e.RoutePattern.RawText!.Trim('/')}"))];

    private static IEnumerable<RouteEndpoint> Endpoints(ModerationHost host)
    {
        _ = host.Address;
        return host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }

    private static bool IsAsset(string route) => route.TrimStart('/').StartsWith("assets/", StringComparison.Ordinal);
}
