using System.Globalization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Statistics;

/// <summary>The public numbers as tables that are read aloud well; bars beside them for whoever sees.</summary>
public sealed class StatisticsModel(GetStatistics.Query query, ReportCatalogue catalogue, IStringLocalizer<StatisticsTexts> texts) : PageModel
{
    public GetStatistics.Response Numbers { get; private set; } = null!;

    /// <summary>Each table: its key, and its lines in words.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<(string Name, int? Count)> Lines)> Tables { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Numbers = await query.ReadAsync(cancellationToken);
        Tables =
        [
            ("tiers", Lines(Numbers.Tiers, code => texts["tier." + code])),
            ("states", Lines(Numbers.States, code => texts["state." + code])),
            ("categories", Lines(Numbers.Categories, code => catalogue.Category(code)?.Name.ToString() ?? code)),
            ("platforms", Lines(Numbers.Platforms, code => catalogue.Platform(code)?.Name.ToString() ?? code)),
            ("months", Lines(Numbers.Months, Month)),
        ];
    }

    private static List<(string Name, int? Count)> Lines(IEnumerable<Cell> cells, Func<string, string> name) => [.. cells.Select(c => (name(c.Code), c.Count))];

    private string Month(string code) =>
        DateOnly.TryParseExact(code + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            ? first.ToString("MMMM yyyy", CultureInfo.CurrentCulture)
            : texts["month." + code];
}
