using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ReportIntake.Web.Features.Police.Exports;

/// <summary>How an export is written: a head, then a line for each report.</summary>
public sealed class ExportFormat
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).</summary>
    private static readonly SearchValues<char> StartsFormula = SearchValues.Create("=+-@\t\r\n＝＋－＠");

    /// <summary>RFC 4180, with a header line, in UTF-8.</summary>
    public static readonly ExportFormat Csv = new("csv", "text/csv", WriteCsv, Encoding.UTF8.GetBytes(CsvLine(ExportRow.Columns)));

    /// <summary>One JSON object a line.</summary>
    public static readonly ExportFormat Ndjson = new("ndjson", "application/x-ndjson", WriteNdjson, []);

    private readonly Action<IBufferWriter<byte>, ExportRow> write;

    private ExportFormat(string name, string mediaType, Action<IBufferWriter<byte>, ExportRow> write, byte[] head) =>
        (Name, MediaType, this.write, Head) = (name, mediaType, write, head);

    public string Name { get; }

    public string MediaType { get; }

    public byte[] Head { get; }

    public static ExportFormat? Find(string? name) => name switch
    {
        "csv" => Csv,
        "ndjson" => Ndjson,
        _ => null,
    };

    public void Write(IBufferWriter<byte> output, ExportRow row) => write(output, row);

    /// <summary>
    /// A field as RFC 4180 writes it. What a spreadsheet would run gets an apostrophe before it: a citizen's words reach an
    /// officer's desk, and <c>=HYPERLINK(…)</c> must stay words.
    /// </summary>
    public static string Field(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }

        var safe = StartsFormula.Contains(value[0]) ? "'" + value : value;
        return safe.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static string CsvLine(IEnumerable<string?> fields) => string.Join(',', fields.Select(Field)) + "\r\n";

    private static void WriteCsv(IBufferWriter<byte> output, ExportRow row) => Encoding.UTF8.GetBytes(CsvLine(row.Fields()), output);

    private static void WriteNdjson(IBufferWriter<byte> output, ExportRow row)
    {
        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, row, ExportRow.Json);
        writer.Flush();
        output.Write("\n"u8);
    }
}
