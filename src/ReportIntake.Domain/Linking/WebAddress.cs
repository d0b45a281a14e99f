using System.Text.RegularExpressions;

namespace ReportIntake.Domain.Linking;

/// <summary>Addresses of pages, so that the same page written in two ways is one.</summary>
public static partial class WebAddress
{
    private const int MostRounds = 4;

    /// <summary>Parameters that tell who passed a link on, not what it leads to.</summary>
    private static readonly HashSet<string> Tracking = new(StringComparer.OrdinalIgnoreCase)
    {
        "fbclid", "gclid", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "ttclid", "twclid", "igsh", "igshid", "igsi", "mibextid", "si", "feature",
        "ref", "ref_src", "ref_url", "refsrc", "_r", "_t", "is_from_webapp", "is_copy_url", "sender_device", "share_app_id", "share_link_id", "u_code", "mc_cid", "mc_eid", "spm", "rdid", "share_url", "_rdr", "__tn__", "__cft__",
    };

    /// <summary>
    /// Without http or https, user, <c>www.</c>, <c>m.</c>, default ports, fragment, closing slash and tracking parameters; host in
    /// lower case and punycode, escapes in upper case, parameters sorted. The path keeps its case: it may matter. Idempotent.
    /// </summary>
    public static string Normalise(string typed)
    {
        var text = typed.Trim();
        for (var round = 0; round < MostRounds; round++)
        {
            var next = Once(text);
            if (next == text)
            {
                break;
            }

            text = next;
        }

        return text;
    }

    /// <summary>The address, of the web or of a program (<c>tg://</c>), scheme or not; null where it is none.</summary>
    internal static Uri? Parse(string text)
    {
        text = text.Trim();
        if (!Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var uri))
        {
            return null;
        }

        try
        {
            return uri.IdnHost.Length > 0 ? uri : null;
        }
        catch (UriFormatException)
        {
            return null; // a host that Uri takes, and finds to be none only when it is asked for
        }
    }

    /// <summary>Host in lower case and punycode, without what only chooses a layout.</summary>
    internal static string HostOf(Uri uri)
    {
        var host = uri.IdnHost.ToLowerInvariant().TrimEnd('.');
        while (true)
        {
            var rest = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..]
                : host.StartsWith("m.", StringComparison.Ordinal) ? host[2..]
                : host.StartsWith("mobile.", StringComparison.Ordinal) ? host[7..] : "";
            if (!rest.Contains('.', StringComparison.Ordinal))
            {
                return host; // "m.me" is a host of its own
            }

            host = rest;
        }
    }

    private static string Once(string text)
    {
        if (Parse(text) is not { } uri)
        {
            return Spelling.Fold(text);
        }

        var scheme = uri.Scheme is "http" or "https" ? "" : uri.Scheme + "://";
        var port = uri.IsDefaultPort || uri.Port is 80 or 443 or -1 ? "" : $":{uri.Port}";
        var kept = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(p => !IsTracking(p)).Order(StringComparer.Ordinal);
        var query = Escapes(string.Join('&', kept));
        return scheme + HostOf(uri) + port + Escapes(uri.AbsolutePath).TrimEnd('/') + (query.Length > 0 ? "?" + query : "");
    }

    private static bool IsTracking(string parameter)
    {
        var name = parameter.Split('=')[0];
        return name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || Tracking.Contains(name);
    }

    private static string Escapes(string text) => Escape().Replace(text, m => m.Value.ToUpperInvariant());

    [GeneratedRegex("%[0-9a-f]{2}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();
}
