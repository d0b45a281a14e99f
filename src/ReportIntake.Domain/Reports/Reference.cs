using System.Globalization;

namespace ReportIntake.Domain.Reports;

/// <summary>The public number of a report, such as <c>RI-2026-000123</c>: safe to print, to log and to say aloud. It opens nothing.</summary>
public static class Reference
{
    public const int MaxLength = 20;

    public static string Format(int year, long number) => string.Create(CultureInfo.InvariantCulture, $"RI-{year:0000}-{number:000000}");
}
