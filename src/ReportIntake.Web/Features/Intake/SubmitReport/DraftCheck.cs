using System.Globalization;
using System.Text.RegularExpressions;
using FluentValidation;
using Microsoft.Extensions.Localization;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>Something wrong with an answer: the step that asks for it, its field there, and what to say.</summary>
public sealed record AnswerError(Step Step, string Field, string Message);

/// <summary>Asks the use case's own validator about the answers, so that a step refuses just what sending would refuse.</summary>
public sealed partial class DraftCheck(
    IValidator<SubmitReport.Command> validator, ReportCatalogue catalogue, ErrorText errors, IStringLocalizer<ReportTexts> texts)
{
    /// <summary>All that is wrong, in the order of the steps.</summary>
    public async Task<IReadOnlyList<AnswerError>> FindAsync(ReportDraft draft, CancellationToken cancellationToken)
    {
        var refused = await validator.ValidateAsync(CommandOf(draft), cancellationToken);
        var found = FieldErrors.Of(refused).Select(f => Place(f.Field, f.Code, errors.Of(f), draft)).Concat(Dates(draft));
        return [.. found.GroupBy(e => e.Field, StringComparer.Ordinal).Select(g => g.First()).OrderBy(e => e.Step)];
    }

    public SubmitReport.Command CommandOf(ReportDraft draft) =>
        draft.ToCommand(catalogue, texts["tell.unknown_account"], CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);

    /// <summary>Where the form asks for a field of the command.</summary>
    private AnswerError Place(string field, string code, string message, ReportDraft draft)
    {
        if (code == "report_empty")
        {
            return new AnswerError(Step.Files, "Files", texts["files.report_empty"]);
        }

        if (SubjectField().Match(field) is { Success: true } subject)
        {
            var member = subject.Groups["member"].Value switch { "phone" => "Phone", "platform" => "Platform", _ => "Account" };
            return new AnswerError(Step.Tell, $"Tell.Subjects[{subject.Groups["index"].Value}].{member}", message);
        }

        return field switch
        {
            "category" => new AnswerError(Step.What, "What.Category", texts["what.category_required"]),
            "description" => new AnswerError(Step.Tell, "Tell.Description", message),
            "subjects" => new AnswerError(Step.Tell, "Tell.Subjects[0].Account", message),
            "stage" => new AnswerError(Step.Facts, "Facts.Stage", message),
            "incident.occurredFrom" => new AnswerError(Step.Facts, "Facts.OccurredAt", message),
            "incident.areaCode" => new AnswerError(Step.Facts, draft.Facts.AreaCode == draft.Facts.Province ? "Facts.Province" : "Facts.Regency", message),
            "incident.place" => new AnswerError(Step.Facts, "Facts.Place", message),
            "reporter.name" => new AnswerError(Step.Contact, "Contact.Name", message),
            "reporter.phone" => new AnswerError(Step.Contact, "Contact.Phone", message),
            "reporter.email" => new AnswerError(Step.Contact, "Contact.Email", message),
            _ => new AnswerError(Step.Check, "", message),
        };
    }

    private IEnumerable<AnswerError> Dates(ReportDraft draft)
    {
        bool Unreadable(string question, DateTimeInput input) =>
            draft.Asks(catalogue, question) && !input.IsEmpty && !input.TryRead(IndonesianTime.Western, out _);
        if (Unreadable("meeting", draft.Facts.ExpectedAt))
        {
            yield return new AnswerError(Step.Facts, "Facts.ExpectedAt", texts["facts.date_invalid"]);
        }

        if (Unreadable("time", draft.Facts.OccurredAt))
        {
            yield return new AnswerError(Step.Facts, "Facts.OccurredAt", texts["facts.date_invalid"]);
        }
    }

    [GeneratedRegex(@"^subjects\[(?<index>\d+)\]\.(?<member>\w+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SubjectField();
}
