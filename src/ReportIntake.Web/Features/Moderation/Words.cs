using System.Globalization;
using Microsoft.Extensions.Localization;
using ReportIntake.Domain;
using ReportIntake.Domain.Calendar;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Moderation;

/// <summary>Codes, times and spans in the reader's language, for the moderators' pages. Times are western Indonesian time.</summary>
public sealed class Words(IStringLocalizer<ModerationTexts> texts, ReportCatalogue catalogue, TimeProvider clock)
{
    /// <summary>An enum value by its text, such as <c>state.received</c>.</summary>
    public string Of<T>(string kind, T value) where T : struct, Enum => Code(kind, value.Name());

    /// <summary>A code by its text; one that has none is shown as it is.</summary>
    public string Code(string kind, string code) => texts[$"{kind}.{code}"] is { ResourceNotFound: false } found ? found.Value : code.Replace('_', ' ');

    public string Category(string code) => catalogue.Category(code)?.Name.ToString() ?? code;

    public string Platform(string? code) => catalogue.Platform(code)?.Name.ToString() ?? code ?? "";

    public string Stage(string code) => catalogue.Stage(code)?.Name.ToString() ?? code;

    /// <summary>An area by name, a regency with its province.</summary>
    public string Area(string code) => catalogue.Area(code) is not { } area ? code
        : area.Province is { } province ? $"{area.Name}, {catalogue.Area(province)?.Name}" : area.Name;

    /// <summary>A fact that a rule has used, as the assessment keeps it, in words.</summary>
    public string Fact(string name, string value) => name switch
    {
        "ageBand" => Code("age", value),
        "dangerNow" => Code("danger", value),
        "childSafety" or "victimIsReporter" or "ongoing" when value is "true" => Code("danger", "yes"),
        "category" => Category(value),
        "stage" => Stage(value),
        "hashListMatches" => string.Join(", ", value.Split(", ").Select(meaning => Code("known_meaning", meaning))),
        "indicatorKinds" => string.Join(", ", value.Split(", ").Select(kind => Code("indicator", kind))),
        "expectedAt" or "occurredFrom" or "occurredTo" when DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var at) => Moment(at),
        _ => value,
    };

    public string Moment(DateTimeOffset at) =>
        at.ToOffset(WorkingCalendar.Wib).ToString("d MMM yyyy, HH:mm", CultureInfo.CurrentCulture) + " " + texts["time.zone"];

    /// <summary>When something is due, seen from now: "in 3 h", "overdue by 2 h".</summary>
    public string Due(DateTimeOffset at)
    {
        var left = at - clock.GetUtcNow();
        return left < TimeSpan.Zero ? texts["due.overdue", Span(-left)] : texts["due.in", Span(left)];
    }

    public bool IsOverdue(DateTimeOffset at) => at < clock.GetUtcNow();

    /// <summary>How long from now, at least 0 minutes.</summary>
    public string Left(DateTimeOffset until) => Span(until > clock.GetUtcNow() ? until - clock.GetUtcNow() : TimeSpan.Zero);

    public string Size(long? bytes) => bytes switch
    {
        null => "",
        < 1024 => string.Create(CultureInfo.CurrentCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0:0} KB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / (1024.0 * 1024):0.0} MB"),
    };

    private string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 60 } => texts["span.minutes", (int)span.TotalMinutes],
        { TotalHours: < 48 } => texts["span.hours", (int)span.TotalHours],
        _ => texts["span.days", (int)span.TotalDays],
    };
}
