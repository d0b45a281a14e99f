using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>Makes calls of an operation that are wrong in one or more ways, the same ones for the same seed.</summary>
internal sealed class MalformedCalls(Operation operation, string address, Random random)
{
    private static readonly string[] Segments =
        ["not-an-id", "00000000-0000-0000-0000-000000000000", "123", "-1", "9223372036854775808", "%C3%A9%E2%82%AC", "a%2Fb", "%25", "..%2e", "%7B%7D", new string('a', 1000), "%F0%9F%98%80", "%FF%FE"];

    private static readonly string[] Queries =
        ["abc", "-1", "0", "99999999999999999999", "1.5", "0x10", "", "61", "1e3", "%00", "%FF", "%F0%9F%98%80", "null", "[]", "2026-13-45T99:00:00Z", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "immediate,urgent", new string('z', 700)];

    private static readonly string[] Headers =
        ["", "\"", "W/\"1\"", "*", "\"999999999999\"", "bytes=abc", "bytes=9-1", "bytes=0-1,5-6,8-9", "bytes=99999999999999999999-", "bytes=-0", "\t", "1,2,3", "-1", "1e9", "99999999999999999999", "zz;q=9,,;", "sha256 ???", "final;/x", "?1", "filename", "filename !!!", new string('k', 256), new string('v', 6000)];

    private static readonly string[] Credentials =
        ["Bearer", "Bearer ", "Bearer ri_", "Bearer ri_00000000_zzzz", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer a.b.c", "Receipt", "Receipt !!!!", "Receipt 0000-0000-0000-0000-0", "Basic OjpmOg==", "Negotiate x", "Bearer " + new string('A', 5000)];

    private static readonly string[] ContentTypes =
        ["text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=bogus", "application/json;", "application/jsonp", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/problem+json", "application/offset+octet-stream", "application/partial-upload", "*/*"];

    private static readonly string[] Literals =
        ["null", "true", "-1", "1e400", "12345678901234567890", "\"\"", "\"\\u0000\\u0007\\u001b\"", "\"\\ud800\"", "\"2026-13-45\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "[]", "{}", "[null]", "[[[]]]", "{\"a\":{\"b\":[1]}}", "\"' OR 1=1 --\"", "\"<script>\"", "\"../../etc/passwd\"", "\"https://169.254.169.254/\"", "\"http://[::1\"", "[\"\",\"x\",null]", "1.5"];

    public HttpRequestMessage Next()
    {
        var target = random.Next(4) == 0 ? WithWrongSegment(address) : address;
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), WithQuery(target));
        foreach (var (name, _) in operation.Parameters.Where(p => p.In == "header" && p.Name != "Tus-Resumable"))
        {
            if (random.Next(2) == 0)
            {
                request.Headers.TryAddWithoutValidation(name, Pick(Headers));
            }
        }

        if (operation.Parameters.Any(p => p.Name == "Tus-Resumable") && random.Next(8) != 0)
        {
            request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        }

        if (random.Next(6) == 0)
        {
            request.Headers.TryAddWithoutValidation(Pick(["If-Match", "If-None-Match", "Range", "If-Range", "Accept-Language", "Cookie", "X-HTTP-Method-Override", "Idempotency-Key", "Upload-Complete", "Upload-Draft-Interop-Version"]), Pick(Headers));
        }

        if (random.Next(12) == 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Pick(Credentials));
        }

        if (operation.Method is "POST" or "PUT" or "PATCH" && random.Next(10) != 0)
        {
            request.Content = Body();
        }

        return request;
    }

    private string WithWrongSegment(string target)
    {
        var (real, template) = (target.Split('?')[0].Split('/'), operation.Path.Split('/'));
        var places = template.Select((part, i) => (part, i)).Where(p => p.part.Contains('{', StringComparison.Ordinal) && p.i < real.Length).Select(p => p.i).ToList();
        if (places.Count > 0)
        {
            real[places[random.Next(places.Count)]] = Pick(Segments);
        }

        return string.Join('/', real);
    }

    private string WithQuery(string target)
    {
        var parts = operation.Parameters.Where(p => p.In == "query" && random.Next(2) == 0).Select(p => $"{p.Name}={Pick(Queries)}").ToList();
        if (random.Next(5) == 0)
        {
            parts.Add($"unknown={Pick(Queries)}&{Pick(Queries)}");
        }

        return parts.Count == 0 ? target : target.Split('?')[0] + "?" + string.Join('&', parts);
    }

    private ByteArrayContent Body()
    {
        var bytes = random.Next(12) switch
        {
            0 => [],
            1 => Encoding.UTF8.GetBytes(Pick(Literals)),
            2 => [.. "{\"text\":\""u8, 0xFF, 0xFE, 0xC0, 0x80, .. "\"}"u8],
            3 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Pick(["[", "{\"a\":"]), random.Next(2) == 0 ? 70 : 20_000))),
            4 => Truncated(Encoding.UTF8.GetBytes(operation.BodyExample ?? "{\"a\":1}")),
            5 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(operation.BodyExample ?? "{}")],
            _ => Encoding.UTF8.GetBytes(Mutated()),
        };
        var content = new ByteArrayContent(bytes);
        var type = random.Next(8) == 0 ? Pick(ContentTypes) : operation.Path.Contains("/uploads", StringComparison.Ordinal) ? "application/offset+octet-stream" : "application/json";
        content.Headers.ContentType = random.Next(20) == 0 ? null : MediaTypeHeaderValue.TryParse(type, out var parsed) ? parsed : null;
        return content;
    }

    private byte[] Truncated(byte[] bytes) => bytes[..random.Next(bytes.Length)];

    /// <summary>The example with one to three of its members wrong.</summary>
    private string Mutated()
    {
        if (JsonNode.Parse(operation.BodyExample ?? "{}") is not JsonObject body)
        {
            return Pick(Literals);
        }

        var text = body.ToJsonString();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var members = Members(body).ToList();
            if (members.Count == 0 || random.Next(6) == 0)
            {
                text = text.Insert(1, $"\"{Pick(["unknown", "tier2", "$ref", "__proto__", "ID", ""])}\":{Pick(Literals)}{(text == "{}" ? "" : ",")}");
                continue;
            }

            var (parent, name) = members[random.Next(members.Count)];
            var old = $"\"{name}\":{parent[name]?.ToJsonString() ?? "null"}";
            var value = random.Next(10) switch
            {
                0 => "\"" + new string('x', 12_000) + "\"",
                1 => "\"" + new string('y', 300_000) + "\"",
                2 => $"{Pick(Literals)},\"{name}\":{Pick(Literals)}",
                _ => Pick(Literals),
            };
            text = text.Replace(old, random.Next(8) == 0 ? "\"\":0" : $"\"{name}\":{value}", StringComparison.Ordinal);
        }

        return text;
    }

    private static IEnumerable<(JsonObject Parent, string Name)> Members(JsonObject of) =>
        of.SelectMany(m => (m.Value switch
        {
            JsonObject inner => Members(inner),
            JsonArray items => items.OfType<JsonObject>().SelectMany(Members),
            _ => [],
        }).Append((of, m.Key)));

    private string Pick(string[] of) => of[random.Next(of.Length)];
}
