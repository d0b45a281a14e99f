using System.Globalization;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace ReportIntake.Web.Features.Shared;

/// <summary>
/// The one table of the citizens' addresses in both languages. A page states the Indonesian one
/// (<c>@page "/lapor"</c>, or below it: <c>@page "/lapor/selesai"</c>) and gets the English one from here.
/// Links and redirects go through <see cref="LinkTo"/>, never through a page's name: that would lose the language.
/// </summary>
public static class BilingualRoutes
{
    /// <summary>What lies below another row stands before it.</summary>
    private static readonly (string Id, string En)[] Table =
    [
        ("/", "/en"),
        ("/lapor/selesai", "/en/report/done"),
        ("/lapor", "/en/report"),
        ("/status", "/en/status"),
        ("/statistik", "/en/statistics"),
        ("/bantuan", "/en/help"),
        ("/galat", "/en/error"),
    ];

    /// <summary>The address, in the reader's language, of the page whose Indonesian path is given. A fragment or query is kept.</summary>
    /// <exception cref="InvalidOperationException">No row of the table covers the path: a bug.</exception>
    public static string LinkTo(string indonesianPath) =>
        IsEnglish(CultureInfo.CurrentUICulture)
            ? English(indonesianPath) ?? throw new InvalidOperationException($"{indonesianPath} has no English address; add it to {nameof(BilingualRoutes)}.")
            : indonesianPath;

    /// <summary>The English address of an Indonesian path; null where the table has none.</summary>
    public static string? English(string path) => Translate(path, row => row.Id, row => row.En);

    /// <summary>The Indonesian address of an English path; null where the table has none.</summary>
    public static string? Indonesian(string path) => Translate(path, row => row.En, row => row.Id);

    public static bool IsEnglish(CultureInfo culture) => culture.TwoLetterISOLanguageName == "en";

    private static string? Translate(string path, Func<(string Id, string En), string> from, Func<(string Id, string En), string> to)
    {
        var end = path.AsSpan().IndexOfAny("?#");
        var (bare, suffix) = end < 0 ? (path, "") : (path[..end], path[end..]);
        foreach (var row in Table)
        {
            if (Rest(bare, from(row)) is { } rest)
            {
                return to(row) + rest + suffix;
            }
        }

        return null;
    }

    /// <summary>What follows the prefix; null where it is no prefix. The two start pages stand for themselves only.</summary>
    private static string? Rest(string path, string prefix)
    {
        var trimmed = path.Length > 1 ? path.TrimEnd('/') : path;
        if (string.Equals(trimmed, prefix, StringComparison.OrdinalIgnoreCase))
        {
            return "";
        }

        return prefix is "/" or "/en" || !trimmed.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase) ? null : trimmed[prefix.Length..];
    }
}

/// <summary>Gives each citizens' page its English route. A page that is in neither table nor <c>/staff</c> stops the start.</summary>
public sealed class BilingualRouteConvention : IPageRouteModelConvention
{
    public void Apply(PageRouteModel model)
    {
        foreach (var selector in model.Selectors.ToArray())
        {
            var path = "/" + selector.AttributeRouteModel?.Template?.TrimStart('/');
            if (path.StartsWith("/staff", StringComparison.Ordinal))
            {
                continue;
            }

            var english = BilingualRoutes.English(path)
                ?? throw new InvalidOperationException($"The page {model.ViewEnginePath} at {path} has no English address; add it to {nameof(BilingualRoutes)}.");
            model.Selectors.Add(new SelectorModel(selector)
            {
                AttributeRouteModel = new AttributeRouteModel { Template = english.TrimStart('/'), SuppressLinkGeneration = true },
            });
        }
    }
}
