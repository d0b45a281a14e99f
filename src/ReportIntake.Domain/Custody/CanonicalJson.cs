using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReportIntake.Domain.Custody;

/// <summary>
/// The one byte sequence of a JSON value (RFC 8785, JCS), so that its hash means the same in every language: no white
/// space, members ordered by UTF-16 code units, least escaping, UTF-8 without a byte order mark.
/// </summary>
/// <remarks>
/// Numbers are whole and within ±(2^53 − 1), the range of I-JSON (RFC 7493 section 2.2). Fractions and exponents are
/// refused although RFC 8785 has a spelling for them: it is ECMAScript's shortest form of a double, which most
/// languages a court's expert may use do not print, and nothing in the ledger needs one.
/// A repeated member name or a lone surrogate has no canonical form either. Each is a <see cref="FormatException"/>.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Largest magnitude of an integer: 2^53 − 1.</summary>
    public const long MaxInteger = (1L << 53) - 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Serialize(JsonNode? node) => Serialize(JsonSerializer.SerializeToElement(node));

    public static byte[] Serialize(JsonElement element)
    {
        var json = new StringBuilder();
        Write(json, element);
        try
        {
            return StrictUtf8.GetBytes(json.ToString());
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("A string holds a lone surrogate, which has no UTF-8.", e);
        }
    }

    private static void Write(StringBuilder json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Null: json.Append("null"); break;
            case JsonValueKind.True: json.Append("true"); break;
            case JsonValueKind.False: json.Append("false"); break;
            case JsonValueKind.Number: WriteNumber(json, element); break;
            case JsonValueKind.String: WriteString(json, Text(element.GetString)); break;
            case JsonValueKind.Array: WriteArray(json, element); break;
            case JsonValueKind.Object: WriteObject(json, element); break;
            default: throw new FormatException("An undefined value has no canonical form.");
        }
    }

    private static void WriteNumber(StringBuilder json, JsonElement element)
    {
        if (!element.TryGetInt64(out var number) || number is < -MaxInteger or > MaxInteger)
        {
            throw new FormatException("Only whole numbers within ±(2^53 − 1), written without a point or exponent, have a canonical form here.");
        }

        json.Append(number.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteArray(StringBuilder json, JsonElement array)
    {
        json.Append('[');
        var separator = "";
        foreach (var item in array.EnumerateArray())
        {
            json.Append(separator);
            Write(json, item);
            separator = ",";
        }

        json.Append(']');
    }

    private static void WriteObject(StringBuilder json, JsonElement value)
    {
        var members = value.EnumerateObject().Select(m => (Name: Text(() => m.Name), m.Value)).ToList();

        // Ordinal comparison is by UTF-16 code unit, as section 3.2.3 asks; by UTF-8 bytes the order would differ.
        members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        json.Append('{');
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0 && members[i].Name == members[i - 1].Name)
            {
                throw new FormatException("An object repeats a member name.");
            }

            json.Append(i > 0 ? "," : "");
            WriteString(json, members[i].Name);
            json.Append(':');
            Write(json, members[i].Value);
        }

        json.Append('}');
    }

    private static void WriteString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            json = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\t' => json.Append("\\t"),
                '\n' => json.Append("\\n"),
                '\f' => json.Append("\\f"),
                '\r' => json.Append("\\r"),
                < ' ' => json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }

    /// <summary>The framework reports an escaped lone surrogate as an invalid operation.</summary>
    private static string Text(Func<string?> read)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("A string holds a lone surrogate, which has no UTF-8.", e);
        }
    }
}
