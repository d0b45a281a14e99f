using Microsoft.Extensions.Localization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>What the form's radios and selects offer, in the reader's language.</summary>
public sealed class ReportChoices(ReportCatalogue catalogue, IStringLocalizer<ReportTexts> texts)
{
    /// <summary>What concerns children, and the way out for whoever is not sure: shown at once.</summary>
    public IEnumerable<Choice> FirstCategories => catalogue.Categories.Where(IsFirst).Select(Of);

    public IEnumerable<Choice> MoreCategories => catalogue.Categories.Where(c => !IsFirst(c)).Select(Of);

    public IReadOnlyList<Choice> DangerNow =>
    [
        new(Danger.Yes.Name(), texts["danger.yes"]),
        new(Danger.No.Name(), texts["danger.no"]),
        new(Danger.Unknown.Name(), texts["danger.unknown"]),
    ];

    public IReadOnlyList<Choice> Who =>
    [
        new(FactsInput.Me, texts["who.me"]),
        new("other", texts["who.other"]),
        new("", texts["who.unknown"]),
    ];

    public IReadOnlyList<Choice> AgeBands =>
    [
        new(AgeBand.Under13.Name(), texts["age.under_13"]),
        new(AgeBand.From13To17.Name(), texts["age.13_17"]),
        new(AgeBand.Adult.Name(), texts["age.adult"]),
        new(AgeBand.Unknown.Name(), texts["age.unknown"]),
    ];

    public IReadOnlyList<Choice> When =>
    [
        new(FactsInput.Ongoing, texts["when.ongoing"]),
        new("past", texts["when.past"]),
        new("", texts["when.unknown"]),
    ];

    public IEnumerable<Choice> Platforms => catalogue.Platforms.Select(p => new Choice(p.Code, p.Name.ToString()));

    public IEnumerable<Choice> Stages => catalogue.Stages.Select(s => new Choice(s.Code, s.Name.ToString()));

    public IEnumerable<Choice> Provinces => catalogue.Areas.Where(a => a.Province is null).Select(a => new Choice(a.Code, a.Name));

    public IEnumerable<Choice> RegenciesOf(string province) => catalogue.Areas.Where(a => a.Province == province).Select(a => new Choice(a.Code, a.Name));

    /// <summary>The text of a chosen value; null where nothing, or nothing known, is chosen.</summary>
    public static string? Text(IEnumerable<Choice> choices, string? value) =>
        string.IsNullOrEmpty(value) ? null : choices.FirstOrDefault(c => c.Value == value)?.Text;

    private static bool IsFirst(Category category) => category.ChildSafety || category.Code == "other";

    private static Choice Of(Category category) => new(category.Code, category.Name.ToString(), category.Description.ToString());
}
