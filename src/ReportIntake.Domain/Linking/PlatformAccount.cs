using System.Text.RegularExpressions;

namespace ReportIntake.Domain.Linking;

/// <summary>An account on a platform of the catalogue: its name as the platform compares it.</summary>
/// <param name="Platform">Catalogue code, such as <c>instagram</c>.</param>
/// <param name="Name">Without <c>@</c>, folded; for WhatsApp the number in E.164.</param>
public sealed partial record PlatformAccount(string Platform, string Name)
{
    private static readonly Dictionary<string, string> Hosts = new(StringComparer.Ordinal)
    {
        ["instagram.com"] = "instagram",
        ["instagr.am"] = "instagram",
        ["facebook.com"] = "facebook",
        ["fb.com"] = "facebook",
        ["fb.me"] = "facebook",
        ["m.me"] = "facebook",
        ["messenger.com"] = "facebook",
        ["tiktok.com"] = "tiktok",
        ["x.com"] = "x",
        ["twitter.com"] = "x",
        ["t.me"] = "telegram",
        ["telegram.me"] = "telegram",
        ["telegram.dog"] = "telegram",
        ["wa.me"] = "whatsapp",
        ["whatsapp.com"] = "whatsapp",
    };

    /// <summary>First parts of a path that lead to something else than an account.</summary>
    private static readonly HashSet<string> NoNames = new(StringComparer.Ordinal)
    {
        "p", "reel", "reels", "tv", "explore", "accounts", "direct", "share", "sharer", "sharer.php", "watch", "groups", "events", "marketplace", "photo", "photo.php", "photos",
        "story.php", "permalink.php", "login", "login.php", "home", "home.php", "hashtag", "search", "intent", "i", "settings", "messages", "notifications", "privacy", "about", "help", "legal",
        "joinchat", "addstickers", "proxy", "socks", "iv", "c", "s", "video", "tag", "music", "discover", "foryou", "live", "send", "channel", "l.php", "r.php", "media", "pages", "public", "profile.php", "people", "t", "stories",
    };

    /// <summary>
    /// Without <c>@</c>, folded. Facebook takes no notice of dots in a user name (its help centre, "usernames and user IDs");
    /// a name with spaces is one that is shown, not one that is typed, and stays. Idempotent.
    /// </summary>
    public static string NormaliseName(string? platform, string handle)
    {
        var name = Spelling.Fold(handle).Trim('@', ' ');
        return platform switch
        {
            "facebook" when !name.Contains(' ', StringComparison.Ordinal) && name.Replace(".", "", StringComparison.Ordinal).Trim('@') is { Length: > 0 } dotless => dotless,
            "whatsapp" when PhoneNumber.IsWhole(name) => PhoneNumber.Normalise(name),
            _ => name,
        };
    }

    /// <summary>The account that an address is the profile of, or something of; null where it is none that is known to be.</summary>
    public static PlatformAccount? OfUrl(string url)
    {
        if (WebAddress.Parse(url) is not { } uri)
        {
            return null;
        }

        if (uri.Scheme is "tg" or "whatsapp")
        {
            return uri.Scheme is "tg" ? Named("telegram", Parameter(uri, "domain")) : OfNumber(Parameter(uri, "phone"));
        }

        var host = WebAddress.HostOf(uri);
        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToList();
        return Platformed(host) switch
        {
            "whatsapp" => host is "wa.me" ? OfNumber(parts.FirstOrDefault()) : OfNumber(Parameter(uri, "phone")),
            "telegram" => parts switch
            {
                ["s", var name, ..] => Named("telegram", name),
                [['+', .. var number], ..] when PhoneNumber.IsWhole(number) => OfNumber("+" + number),
                [var name, ..] => Named("telegram", name),
                _ => null,
            },
            "tiktok" => parts is [['@', .. var name], ..] ? Named("tiktok", name) : null, // vt. and vm. are of single videos
            "facebook" => parts switch
            {
                ["profile.php", ..] => Named("facebook", Parameter(uri, "id")),
                ["people", _, var id, ..] => Named("facebook", id),
                ["t" or "stories", var name, ..] => Named("facebook", name),
                [var name, ..] => Named("facebook", name),
                _ => null,
            },
            "instagram" => parts is ["stories", var name, ..] ? Named("instagram", name) : Named("instagram", parts.FirstOrDefault()),
            "x" => Named("x", parts.FirstOrDefault()),
            _ => null,
        };
    }

    /// <summary>Of the host itself, or of one that belongs to it (<c>id-id.facebook.com</c>).</summary>
    private static string? Platformed(string host)
    {
        if (Hosts.TryGetValue(host, out var platform))
        {
            return platform;
        }

        var parts = host.Split('.');
        return parts.Length == 3 && parts[0] is not ("vt" or "vm" or "chat" or "help" or "l") ? Hosts.GetValueOrDefault($"{parts[1]}.{parts[2]}") : null;
    }

    private static PlatformAccount? Named(string platform, string? name)
    {
        var normalised = NormaliseName(platform, name ?? "");
        return AccountName().IsMatch(normalised) && !NoNames.Contains(normalised) ? new PlatformAccount(platform, normalised) : null;
    }

    private static PlatformAccount? OfNumber(string? number) =>
        number is not null && PhoneNumber.IsWhole(number) ? new PlatformAccount("whatsapp", PhoneNumber.Normalise("+" + number.Trim().TrimStart('+'))) : null;

    private static string? Parameter(Uri uri, string name) => uri.Query.TrimStart('?').Split('&')
        .Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0] == name).Select(p => Uri.UnescapeDataString(p[1])).FirstOrDefault();

    [GeneratedRegex(@"^[a-z0-9._-]{1,64}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AccountName();
}
