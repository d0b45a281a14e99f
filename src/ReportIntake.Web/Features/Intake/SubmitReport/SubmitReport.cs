using System.Text.Json.Serialization;
using MediatR;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>A citizen files a report: <c>POST /api/v1/reports</c> and the last step of the form.</summary>
public static class SubmitReport
{
    /// <summary>The request body. Only a category and one of description, subjects or uploads are required.</summary>
    public sealed record Command : IIdempotentCommand<Result<Response>>, ISavedAtEnd
    {
        public string? Category { get; init; }

        public string? Description { get; init; }

        /// <summary><c>id</c> or <c>en</c>; without it, the language of the request.</summary>
        public string? Language { get; init; }

        public string? Stage { get; init; }

        public IncidentPart? Incident { get; init; }

        public IReadOnlyList<SubjectPart>? Subjects { get; init; }

        public VictimPart? Victim { get; init; }

        public ReporterPart? Reporter { get; init; }

        /// <summary>Uploads that have arrived whole and belong to no report.</summary>
        public IReadOnlyList<string>? UploadIds { get; init; }

        [JsonIgnore]
        public string? IdempotencyKey { get; init; }

        [JsonIgnore]
        public string IdempotencyScope => nameof(SubmitReport);
    }

    /// <summary>Times are RFC 3339; <c>areaCode</c> is an official province or regency code.</summary>
    public sealed record IncidentPart(
        DateTimeOffset? OccurredFrom = null, DateTimeOffset? OccurredTo = null, bool? Ongoing = null, DateTimeOffset? ExpectedAt = null,
        string? AreaCode = null, string? Place = null);

    public sealed record SubjectPart(string? Platform = null, string? Handle = null, string? Url = null, string? Phone = null, string? Note = null);

    public sealed record VictimPart(AgeBand? AgeBand = null, Danger? DangerNow = null, bool? IsReporter = null);

    public sealed record ReporterPart(string? Name = null, string? Phone = null, string? Email = null);

    /// <summary>The receipt code is shown here once and never again.</summary>
    public sealed record Response(Guid Id, string Reference, string ReceiptCode, ReportState State, DateTimeOffset SubmittedAt);

    public sealed class Handler(
        ReportIntakeDbContext database,
        ReceiptHasher receipts,
        IdentitySeal seal,
        ReportCatalogue catalogue,
        ReportTriage triage,
        EvidenceIntake evidence,
        ReferenceNumbers numbers,
        TimeProvider clock)
        : IRequestHandler<Command, Result<Response>>
    {
        public async Task<Result<Response>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var uploads = await evidence.FindAsync(request.UploadIds ?? [], alreadyInReport: 0, cancellationToken);
            if (!uploads.IsSuccess)
            {
                return uploads.Error;
            }

            var facts = FactsOf(request);
            var code = ReceiptCode.Create();
            var receipt = await receipts.HashAsync(code, cancellationToken);
            var assessment = await triage.AssessAsync(facts, now, cancellationToken);
            var submitted = Report.Submit(
                Reference.Format(now.Year, await numbers.NextAsync(now.Year, cancellationToken)),
                receipt,
                facts,
                assessment,
                uploads.Value.Count,
                now);
            if (!submitted.IsSuccess)
            {
                return submitted.Error;
            }

            var report = submitted.Value;
            database.Reports.Add(report);
            if (evidence.Attach(uploads.Value, report, now) is { IsSuccess: false } refused)
            {
                return refused.Error;
            }

            if (request.Reporter is { } reporter && (Text(reporter.Name) ?? Text(reporter.Phone) ?? Text(reporter.Email)) is not null)
            {
                database.SealedIdentities.Add(new SealedIdentity
                {
                    ReportId = report.Id,
                    Ciphertext = seal.Seal(report.Id, new ReporterContact(Text(reporter.Name), Text(reporter.Phone), Text(reporter.Email))),
                });
            }

            return new Response(report.Id, report.Reference, code.Reveal(), report.State, report.SubmittedAt);
        }

        private ReportFacts FactsOf(Command request) => new()
        {
            Category = request.Category!,
            ChildSafety = catalogue.Category(request.Category)!.ChildSafety,
            Description = Text(request.Description),
            Language = request.Language ?? System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
            Stage = request.Stage,
            Incident = request.Incident is { } i
                ? new Incident(i.OccurredFrom, i.OccurredTo, i.Ongoing ?? false, i.ExpectedAt, i.AreaCode, Text(i.Place))
                : new Incident(),
            Victim = request.Victim is { } v
                ? new Victim(v.AgeBand ?? AgeBand.Unknown, v.DangerNow ?? Danger.Unknown, v.IsReporter ?? false)
                : new Victim(),
            Subjects = [.. (request.Subjects ?? []).Select(s => new Subject(s.Platform, Text(s.Handle), Text(s.Url), Text(s.Phone), Text(s.Note)))],
        };

        private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }
}
