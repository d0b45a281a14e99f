using System.Globalization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Police;

/// <summary>The refusal of a page size out of bounds, for the list and the feed alike.</summary>
public static class PageLimit
{
    public static FieldError Refusal(int max) => new("limit", "limit_invalid", $"A page has 1 to {max} items.")
    {
        Arguments = new Dictionary<string, string> { ["max"] = max.ToString(CultureInfo.InvariantCulture) },
    };
}
