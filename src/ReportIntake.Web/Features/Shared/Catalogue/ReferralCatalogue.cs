using System.Text.Json;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Shared.Catalogue;

/// <summary>Where a report may go beside the police.</summary>
/// <param name="ReporterText">What the citizen reads once it was sent.</param>
public sealed record Destination(string Code, LocalText Name, LocalText Description, LocalText ReporterText);

/// <summary>When a referral is suggested. A condition that is not given does not count.</summary>
/// <param name="Text">Why, for the moderator.</param>
public sealed record ReferralRule(
    string Code,
    string Destination,
    IReadOnlyList<string> States,
    IReadOnlyList<string>? Dispositions,
    IReadOnlyList<string>? Outcomes,
    bool PersonInNeed,
    bool AddressGiven,
    LocalText Text)
{
    /// <param name="report">With its subjects.</param>
    public bool Suggests(Report report) =>
        States.Contains(report.State.Name())
        && (Dispositions is null || (report.Disposition is { } disposition && Dispositions.Contains(disposition.Name())))
        && (Outcomes is null || (report.Outcome is { } outcome && Outcomes.Contains(outcome.Name())))
        && (!PersonInNeed || report.Victim is { DangerNow: Danger.Yes } or { AgeBand: AgeBand.Under13 or AgeBand.From13To17 })
        && (!AddressGiven || report.Subjects.Any(s => s.Url is not null));
}

/// <summary>Destinations beside the police and the rules that suggest them: data, not code. Read once from the program itself.</summary>
public sealed record ReferralCatalogue(string Version, IReadOnlyList<Destination> Destinations, IReadOnlyList<ReferralRule> Rules)
{
    public Destination? Destination(string? code) => Destinations.FirstOrDefault(d => d.Code == code);

    public ReferralRule? Rule(string? code) => Rules.FirstOrDefault(r => r.Code == code);

    /// <exception cref="InvalidOperationException">The embedded data are damaged: a broken build.</exception>
    public static ReferralCatalogue Load()
    {
        using var stream = typeof(ReferralCatalogue).Assembly.GetManifestResourceStream("referrals.json")
            ?? throw new InvalidOperationException("referrals.json is not in the program.");
        var catalogue = JsonSerializer.Deserialize<ReferralCatalogue>(stream, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("referrals.json is empty.");
        return catalogue.Unknown().FirstOrDefault() is { } unknown
            ? throw new InvalidOperationException($"referrals.json names '{unknown}', which is not known.")
            : catalogue;
    }

    private IEnumerable<string> Unknown() => Rules.SelectMany(r => new[] { r.Destination }.Where(d => Destination(d) is null)
        .Concat(r.States.Where(s => !EnumNames.TryParse<ReportState>(s, out _)))
        .Concat((r.Dispositions ?? []).Where(d => !EnumNames.TryParse<Disposition>(d, out _)))
        .Concat((r.Outcomes ?? []).Where(o => !EnumNames.TryParse<OutcomeCode>(o, out _))));
}
