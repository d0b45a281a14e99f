using FluentValidation.Results;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Pipeline;

/// <summary>A validator's answer as the errors of the request's fields.</summary>
public static class FieldErrors
{
    public static IEnumerable<FieldError> Of(ValidationResult result) => result.Errors.Select(f => new FieldError(CamelCase(f.PropertyName), f.ErrorCode, f.ErrorMessage)
    {
        Arguments = f.CustomState as IReadOnlyDictionary<string, string> ?? Placeholders(f.FormattedMessagePlaceholderValues),
    });

    /// <summary><c>Incident.AreaCode</c> becomes <c>incident.areaCode</c>, as in the request.</summary>
    private static string CamelCase(string path) => string.Join('.', path.Split('.').Select(p => p.Length == 0 ? p : char.ToLowerInvariant(p[0]) + p[1..]));

    /// <summary>Limits only: a refused value may be a citizen's words and is not repeated.</summary>
    private static Dictionary<string, string> Placeholders(Dictionary<string, object?>? values) => values is null
        ? []
        : values.Where(v => v.Key is "MaxLength" or "MinLength" or "ComparisonValue" or "From" or "To")
            .ToDictionary(v => char.ToLowerInvariant(v.Key[0]) + v.Key[1..], v => Convert.ToString(v.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
}
