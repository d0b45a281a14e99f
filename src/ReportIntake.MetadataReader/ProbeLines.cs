using System.Text.Json;

namespace ReportIntake.MetadataReader;

/// <summary>ffprobe's JSON (<c>-show_format -show_streams</c>) as lines: <c>Format</c>, then <c>Stream 0</c>, <c>Stream 1</c>, ….</summary>
internal static class ProbeLines
{
    /// <summary>Says how the sandbox calls the file, and what is nobody's interest.</summary>
    private static readonly string[] Dull = ["filename", "disposition", "extradata"];

    internal static IEnumerable<(string Directory, string Name, string? Value)> Read(Stream json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
        var root = document.RootElement;
        if (root.TryGetProperty("format", out var format))
        {
            foreach (var (name, value) in Flatten("", format))
            {
                yield return ("Format", name, value);
            }
        }

        if (!root.TryGetProperty("streams", out var streams))
        {
            yield break;
        }

        var number = 0;
        foreach (var stream in streams.EnumerateArray())
        {
            foreach (var (name, value) in Flatten("", stream))
            {
                yield return ($"Stream {number}", name, value);
            }

            number++;
        }
    }

    private static IEnumerable<(string Name, string Value)> Flatten(string prefix, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(p => !Dull.Contains(p.Name)).SelectMany(p => Flatten(prefix.Length == 0 ? p.Name : $"{prefix}.{p.Name}", p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => Flatten($"{prefix}.{i}", item)),
        JsonValueKind.String => [(prefix, element.GetString()!)],
        JsonValueKind.Number => [(prefix, element.GetRawText())],
        _ => [],
    };
}
