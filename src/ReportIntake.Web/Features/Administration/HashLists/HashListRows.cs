using System.Runtime.CompilerServices;
using System.Text.Json;
using ReportIntake.Web.Evidence.Recognition;

namespace ReportIntake.Web.Features.Administration.HashLists;

public enum HashListFormat
{
    /// <summary>A header line, then a file a line. Fields may be quoted as in RFC 4180, but not span lines.</summary>
    Csv,

    /// <summary>An array of objects of strings.</summary>
    Json,
}

/// <summary>A file that a list names, by those of its hashes that are known.</summary>
/// <param name="Place"><c>line 3</c> of CSV, counted from the header as 1; <c>item 2</c> of JSON, counted from 1.</param>
/// <param name="Hashes">Still text.</param>
/// <param name="Problem">What is wrong with the row's form; null where nothing is.</param>
internal sealed record HashListRow(
    string Place, IReadOnlyList<(HashKind Kind, string Text)> Hashes, string? Name, string? Meaning, string? Source, RowProblem? Problem);

/// <summary>
/// Reads lists row by row, whatever their length. Fields: <c>sha256</c>, <c>md5</c>, <c>pdq</c>, or <c>kind</c> and
/// <c>value</c>; optionally <c>list</c>, <c>meaning</c>, <c>source</c>. Others are skipped.
/// </summary>
internal static class HashListRows
{
    public static async IAsyncEnumerable<HashListRow> ReadAsync(Stream content, HashListFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in (format is HashListFormat.Csv ? ReadCsvAsync(content, cancellationToken) : ReadJsonAsync(content, cancellationToken)).WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    private static async IAsyncEnumerable<HashListRow> ReadCsvAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content, leaveOpen: true);
        if (await reader.ReadLineAsync(cancellationToken) is not { } header)
        {
            yield break;
        }

        var names = Split(header).ConvertAll(n => n.Trim().ToLowerInvariant());
        for (var line = 2; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var fields = Split(text);
            yield return fields.Count == names.Count
                ? Row($"line {line}", names.Zip(fields).GroupBy(f => f.First).ToDictionary(g => g.Key, g => g.First().Second.Trim()))
                : new HashListRow($"line {line}", [], null, null, null, RowProblem.FieldsDiffer);
        }
    }

    private static async IAsyncEnumerable<HashListRow> ReadJsonAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var item = 0;
        await using var items = JsonSerializer.DeserializeAsyncEnumerable<Dictionary<string, JsonElement>>(content, cancellationToken: cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            RowProblem? problem = null;
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException)
            {
                problem = RowProblem.JsonInvalid;
            }

            var place = $"item {++item}";
            if (problem is not null || items.Current is not { } fields)
            {
                yield return new HashListRow(place, [], null, null, null, problem ?? RowProblem.ObjectNeeded);
                yield break;
            }

            yield return Row(place, fields.Where(f => f.Value.ValueKind is JsonValueKind.String)
                .GroupBy(f => f.Key.ToLowerInvariant()).ToDictionary(g => g.Key, g => g.First().Value.GetString()!.Trim()));
        }
    }

    private static HashListRow Row(string place, Dictionary<string, string> fields)
    {
        var hashes = Enum.GetValues<HashKind>().Select(k => (Kind: k, Text: Field(Domain.EnumNames.Name(k)))).Where(h => h.Text is not null)
            .Select(h => (h.Kind, h.Text!)).ToList();
        RowProblem? problem = null;
        if (Field("value") is { } value)
        {
            if (Domain.EnumNames.TryParse<HashKind>(Field("kind")?.ToLowerInvariant(), out var kind))
            {
                hashes.Add((kind, value));
            }
            else
            {
                problem = RowProblem.KindUnknown;
            }
        }

        return new HashListRow(place, hashes, Field("list"), Field("meaning"), Field("source"), problem);

        string? Field(string name) => fields.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;
    }

    private static List<string> Split(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new System.Text.StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[++i]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
