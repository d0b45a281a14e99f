using System.Globalization;
using Microsoft.Extensions.Localization;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>One answer to look over before sending: the step to change it in, what was asked, and what was answered.</summary>
public sealed record AnswerLines(Step Step, string Label, IReadOnlyList<string> Lines)
{
    public static IEnumerable<AnswerLines> Of(ReportDraft draft, ReportCatalogue catalogue, ReportChoices choices, IStringLocalizer<ReportTexts> texts)
    {
        AnswerLines Line(Step step, string label, params string?[] answers)
        {
            var given = answers.Where(a => !string.IsNullOrWhiteSpace(a)).Select(a => a!.Trim()).ToList();
            return new AnswerLines(step, texts[label], given.Count > 0 ? given : [texts["check.none"]]);
        }

        yield return Line(Step.What, "check.category", catalogue.Category(draft.What.Category)?.Name.ToString());
        yield return Line(Step.What, "check.danger", ReportChoices.Text(choices.DangerNow, draft.What.DangerNow));
        yield return Line(Step.Tell, "check.description", draft.Tell.Description);
        yield return Line(Step.Tell, "check.accounts", [.. draft.Tell.Subjects.Where(s => !s.IsEmpty).Select(s => Account(s, choices))]);
        if (draft.Asks(catalogue, "victim"))
        {
            yield return Line(Step.Facts, "check.victim", ReportChoices.Text(choices.Who, draft.Facts.Who), ReportChoices.Text(choices.AgeBands, draft.Facts.AgeBand));
        }

        if (draft.Asks(catalogue, "meeting"))
        {
            yield return Line(Step.Facts, "check.expected", Moment(draft.Facts.ExpectedAt));
        }

        if (draft.Asks(catalogue, "time"))
        {
            yield return Line(Step.Facts, "check.when", ReportChoices.Text(choices.When, draft.Facts.When), Moment(draft.Facts.OccurredAt));
        }

        if (draft.Asks(catalogue, "stage"))
        {
            yield return Line(Step.Facts, "check.stage", ReportChoices.Text(choices.Stages, draft.Facts.Stage));
        }

        if (draft.Asks(catalogue, "place"))
        {
            yield return Line(Step.Facts, "check.place", draft.Facts.Place, catalogue.Area(draft.Facts.AreaCode)?.Name, Province(draft, catalogue));
        }

        yield return Line(Step.Files, "check.files", [.. draft.Files.Select(f => $"{f.Name} ({FileSize.Words(f.Size)})")]);
        yield return draft.Contact.IsEmpty
            ? new AnswerLines(Step.Contact, texts["check.contact"], [texts["check.anonymous"]])
            : Line(Step.Contact, "check.contact", draft.Contact.Name, draft.Contact.Phone, draft.Contact.Email);
    }

    private static string Account(SubjectInput subject, ReportChoices choices) =>
        string.Join(", ", new[] { ReportChoices.Text(choices.Platforms, subject.Platform), subject.Account?.Trim(), subject.Phone?.Trim() }.Where(p => !string.IsNullOrEmpty(p)));

    private static string? Province(ReportDraft draft, ReportCatalogue catalogue) =>
        draft.Facts.AreaCode is { Length: > 2 } ? catalogue.Area(draft.Facts.Province)?.Name : null;

    /// <summary>In the local time it was typed in: shown back, it must be what the person meant.</summary>
    private static string? Moment(DateTimeInput input) =>
        input.TryRead(TimeSpan.Zero, out var moment)
            ? moment.ToString(string.IsNullOrWhiteSpace(input.Time) ? "d MMMM yyyy" : "d MMMM yyyy, HH:mm", CultureInfo.CurrentCulture)
            : null;
}
