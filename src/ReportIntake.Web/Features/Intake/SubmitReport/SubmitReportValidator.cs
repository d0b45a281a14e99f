using FluentValidation;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>What a report's fields must be. Codes come from the catalogue; limits from the domain.</summary>
public sealed class SubmitReportValidator : AbstractValidator<SubmitReport.Command>
{
    /// <summary>Phones whose clocks run ahead must not lose a report.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    public SubmitReportValidator(ReportCatalogue catalogue, TimeProvider clock)
    {
        RuleFor(c => c.Category).Cascade(CascadeMode.Stop)
            .NotEmpty().WithErrorCode("required").WithMessage("A category is needed.")
            .Must(c => catalogue.Category(c) is not null).WithErrorCode("unknown_code").WithMessage("The catalogue has no such category.");
        RuleFor(c => c.Description).MaximumLength(Report.DescriptionMaxLength).WithErrorCode("too_long");
        RuleFor(c => c.Language).Must(l => l is null or "id" or "en").WithErrorCode("unknown_code").WithMessage("The language is id or en.");
        RuleFor(c => c.Stage).Must(s => s is null || catalogue.Stage(s) is not null).WithErrorCode("unknown_code").WithMessage("The catalogue has no such stage.");
        RuleFor(c => c.Description)
            .Must((c, description) => !string.IsNullOrWhiteSpace(description) || c.Subjects is { Count: > 0 } || c.UploadIds is { Count: > 0 })
            .WithErrorCode("report_empty").WithMessage("A description, an account or a file is needed.");
        RuleFor(c => c.Subjects).Must(s => s is null || s.Count <= Subject.MaxPerReport).WithErrorCode("too_many").WithMessage("Too many subjects.")
            .WithState(_ => new Dictionary<string, string> { ["max"] = $"{Subject.MaxPerReport}" });
        RuleForEach(c => c.Subjects).NotNull().WithErrorCode("required").SetValidator(new SubjectValidator(catalogue));
        RuleFor(c => c.Incident!).SetValidator(new IncidentValidator(catalogue, clock)).When(c => c.Incident is not null);
        RuleFor(c => c.Reporter!).SetValidator(new ReporterValidator()).When(c => c.Reporter is not null);
    }

    private sealed class SubjectValidator : AbstractValidator<SubmitReport.SubjectPart>
    {
        public SubjectValidator(ReportCatalogue catalogue)
        {
            RuleFor(s => s.Platform).Must(p => p is null || catalogue.Platform(p) is not null).WithErrorCode("unknown_code").WithMessage("The catalogue has no such platform.");
            RuleFor(s => s.Handle).MaximumLength(Subject.HandleMaxLength).WithErrorCode("too_long");
            RuleFor(s => s.Url).MaximumLength(Subject.UrlMaxLength).WithErrorCode("too_long");
            RuleFor(s => s.Phone).MaximumLength(Subject.PhoneMaxLength).WithErrorCode("too_long")
                .Must(p => string.IsNullOrWhiteSpace(p) || p.Count(char.IsAsciiDigit) >= 5).WithErrorCode("phone_invalid").WithMessage("This is not a telephone number.");
            RuleFor(s => s.Note).MaximumLength(Subject.NoteMaxLength).WithErrorCode("too_long");
            RuleFor(s => s.Handle)
                .Must((s, _) => !(string.IsNullOrWhiteSpace(s.Handle) && string.IsNullOrWhiteSpace(s.Url) && string.IsNullOrWhiteSpace(s.Phone) && string.IsNullOrWhiteSpace(s.Note)))
                .WithErrorCode("subject_empty").WithMessage("A subject has a handle, an address, a phone number or a note.");
        }
    }

    private sealed class IncidentValidator : AbstractValidator<SubmitReport.IncidentPart>
    {
        public IncidentValidator(ReportCatalogue catalogue, TimeProvider clock)
        {
            RuleFor(i => i.OccurredFrom).Must(t => t is null || t <= clock.GetUtcNow() + ClockTolerance)
                .WithErrorCode("in_the_future").WithMessage("What has occurred cannot lie in the future; use expectedAt.");
            RuleFor(i => i.OccurredTo).Must(t => t is null || t <= clock.GetUtcNow() + ClockTolerance)
                .WithErrorCode("in_the_future").WithMessage("What has occurred cannot lie in the future; use expectedAt.")
                .Must((i, to) => to is null || i.OccurredFrom is null || to >= i.OccurredFrom)
                .WithErrorCode("before_start").WithMessage("The end lies before the beginning.");
            RuleFor(i => i.AreaCode).Must(a => a is null || catalogue.IsArea(a)).WithErrorCode("unknown_code").WithMessage("There is no area of this code.");
            RuleFor(i => i.Place).MaximumLength(Incident.PlaceMaxLength).WithErrorCode("too_long");
        }
    }

    private sealed class ReporterValidator : AbstractValidator<SubmitReport.ReporterPart>
    {
        public ReporterValidator()
        {
            RuleFor(r => r.Name).MaximumLength(200).WithErrorCode("too_long");
            RuleFor(r => r.Phone).MaximumLength(Subject.PhoneMaxLength).WithErrorCode("too_long")
                .Must(p => string.IsNullOrWhiteSpace(p) || p.Count(char.IsAsciiDigit) >= 5).WithErrorCode("phone_invalid").WithMessage("This is not a telephone number.");
            RuleFor(r => r.Email).MaximumLength(254).WithErrorCode("too_long")
                .EmailAddress().When(r => !string.IsNullOrWhiteSpace(r.Email)).WithErrorCode("email_invalid").WithMessage("This is not an e-mail address.");
        }
    }
}
