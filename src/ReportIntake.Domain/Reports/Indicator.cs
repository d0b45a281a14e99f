using System.Text;

namespace ReportIntake.Domain.Reports;

public enum IndicatorKind
{
    PlatformHandle,
    Url,
    Phone,
    Email,
    BankAccount,
    EWallet,
}

/// <summary>One identifier of a subject: as typed, and normalised so that the same account written in two ways is found as one.</summary>
public sealed class Indicator
{
    private Indicator()
    {
    }

    public Guid Id { get; private set; }

    public IndicatorKind Kind { get; private set; }

    public string Value { get; private set; } = "";

    /// <summary>Equal for two spellings of one identifier; handles carry their platform (<c>michat:name</c>).</summary>
    public string Normalised { get; private set; } = "";

    public static Indicator OfHandle(string? platform, string handle) =>
        Of(IndicatorKind.PlatformHandle, handle, $"{platform ?? "other"}:{NormaliseHandle(handle)}");

    public static Indicator OfUrl(string url) => Of(IndicatorKind.Url, url, NormaliseUrl(url));

    public static Indicator OfPhone(string phone) => Of(IndicatorKind.Phone, phone, NormalisePhone(phone));

    /// <summary>E.164 where it can be told; Indonesian national numbers (<c>08…</c>) get +62.</summary>
    public static string NormalisePhone(string phone)
    {
        var digits = new StringBuilder(phone.Length);
        foreach (var c in phone.Where(char.IsAsciiDigit))
        {
            digits.Append(c);
        }

        var number = digits.ToString();
        return number switch
        {
            _ when phone.TrimStart().StartsWith('+') => "+" + number,
            ['0', '0', .. var rest] => "+" + rest,
            ['0', .. var rest] => "+62" + rest,
            ['6', '2', ..] => "+" + number,
            ['8', ..] => "+62" + number,
            _ => number,
        };
    }

    /// <summary>Without scheme, <c>www.</c>, default port, fragment, trailing slash and tracking parameters; host in lower case.</summary>
    public static string NormaliseUrl(string url)
    {
        var text = url.Trim();
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var uri))
        {
            return text.ToLowerInvariant();
        }

        var host = uri.IdnHost.ToLowerInvariant();
        host = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host.StartsWith("m.", StringComparison.Ordinal) ? host[2..] : host;
        var kept = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => !p.StartsWith("utm_", StringComparison.OrdinalIgnoreCase)
                && !p.StartsWith("fbclid=", StringComparison.OrdinalIgnoreCase)
                && !p.StartsWith("igsh", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);
        var query = string.Join('&', kept);
        return host + (uri.IsDefaultPort ? "" : $":{uri.Port}") + uri.AbsolutePath.TrimEnd('/') + (query.Length > 0 ? "?" + query : "");
    }

    private static string NormaliseHandle(string handle) =>
        handle.Trim().TrimStart('@').Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    private static Indicator Of(IndicatorKind kind, string value, string normalised) =>
        new() { Id = Guid.NewGuid(), Kind = kind, Value = value, Normalised = normalised };
}
