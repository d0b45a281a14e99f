using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReportIntake.Web.Tests.OpenApi;

/// <summary>
/// A <c>.http</c> file as editors run it: <c>###</c> between requests, <c>@name = value</c>, <c>{{name}}</c>,
/// <c># @name login</c> with <c>{{login.response.body.$.a[0].b}}</c> and <c>{{login.response.headers.X}}</c>, <c>&lt; ./file</c>
/// as the body; and <c># Answers 201</c>, which is this product's own.
/// </summary>
internal sealed partial class HttpFile(string file)
{
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JsonElement Body, HttpResponseMessage Answer)> answers = new(StringComparer.Ordinal);

    /// <summary>Runs it from top to bottom; what did not answer as it says.</summary>
    /// <param name="set">Values in place of the file's own.</param>
    /// <param name="answered">Told of each named answer, to set what a reader would paste.</param>
    public async Task<IReadOnlyList<string>> RunAsync(HttpClient client, IReadOnlyDictionary<string, string> set, Action<string, HttpResponseMessage, Dictionary<string, string>>? answered = null)
    {
        var wrong = new List<string>();
        foreach (var block in Separator().Split(await File.ReadAllTextAsync(Path.Combine(Description.Folder, "examples", file))))
        {
            var (expected, name, lines) = (0, "", new List<string>());
            foreach (var line in block.ReplaceLineEndings("\n").Split('\n'))
            {
                if (lines.Count == 0 && Variable().Match(line) is { Success: true } variable)
                {
                    var key = variable.Groups["name"].Value;
                    variables[key] = set.GetValueOrDefault(key) ?? variables.GetValueOrDefault(key) ?? variable.Groups["value"].Value;
                }
                else if (lines.Count == 0 && Named().Match(line) is { Success: true } named)
                {
                    name = named.Groups["name"].Value;
                }
                else if (lines.Count == 0 && Answers().Match(line) is { Success: true } answers)
                {
                    expected = int.Parse(answers.Groups["status"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
                }
                else if (lines.Count > 0 || RequestLine().IsMatch(line))
                {
                    lines.Add(line);
                }
            }

            if (lines.Count == 0)
            {
                continue;
            }

            using var request = Request(lines);
            var answer = await client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode != expected)
            {
                wrong.Add($"{file}: {lines[0]} answered {(int)answer.StatusCode}, not {expected}: {body}");
            }

            if (name.Length > 0)
            {
                answers[name] = (body.StartsWith('{') || body.StartsWith('[') ? JsonSerializer.Deserialize<JsonElement>(body) : default, answer);
                answered?.Invoke(name, answer, variables);
            }
        }

        return wrong;
    }

    private HttpRequestMessage Request(List<string> lines)
    {
        var first = lines[0].Split(' ', 2);
        var request = new HttpRequestMessage(new HttpMethod(first[0]), Filled(first[1]));
        var blank = lines.FindIndex(string.IsNullOrWhiteSpace);
        var headers = lines[1..(blank < 0 ? lines.Count : blank)].Select(l => l.Split(": ", 2)).ToList();
        var body = blank < 0 ? "" : string.Join('\n', lines[blank..]).Trim();
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.StartsWith("< ", StringComparison.Ordinal)
                ? File.ReadAllBytes(Path.Combine(Description.Folder, "examples", body[2..]))
                : System.Text.Encoding.UTF8.GetBytes(Filled(body)));
        }

        foreach (var header in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header[0], Filled(header[1])))
            {
                request.Content!.Headers.TryAddWithoutValidation(header[0], Filled(header[1]));
            }
        }

        return request;
    }

    private string Filled(string text) => Placeholder().Replace(text, found =>
    {
        var expression = found.Groups["expression"].Value;
        if (expression == "$guid")
        {
            return Guid.NewGuid().ToString();
        }

        if (variables.TryGetValue(expression, out var value))
        {
            return value;
        }

        var parts = expression.Split('.', 4);
        var (body, answer) = answers[parts[0]];
        return parts[2] == "headers"
            ? answer.Headers.GetValues(parts[3]).Single()
            : parts[3][2..].Split('.', '[').Aggregate(body, (at, step) => step.EndsWith(']') ? at[int.Parse(step[..^1], System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(step)).ToString();
    });

    [GeneratedRegex("^###.*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Separator();

    [GeneratedRegex("^@(?<name>\\w+) = (?<value>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("^# @name (?<name>\\w+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();

    [GeneratedRegex("^# Answers (?<status>\\d{3})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Answers();

    [GeneratedRegex("^(GET|HEAD|POST|PUT|PATCH|DELETE) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RequestLine();

    [GeneratedRegex("\\{\\{(?<expression>[^}]+)\\}\\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
