using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Moderation.ClaimReport;
using ReportIntake.Web.Features.Moderation.DecideReport;
using ReportIntake.Web.Features.Moderation.Exposure;
using ReportIntake.Web.Features.Moderation.ReadReport;
using ReportIntake.Web.Features.Moderation.ReferReport;
using ReportIntake.Web.Features.Moderation.ReviewQueue;
using ReportIntake.Web.Features.Moderation.Search;
using ReportIntake.Web.Features.Moderation.ServePolice;
using ReportIntake.Web.Features.Moderation.TeamView;
using ReportIntake.Web.Features.Moderation.ViewEvidence;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation;

/// <summary>The moderators' routes. A supervisor may do all that a moderator may; originals are the evidence custodian's alone.</summary>
public static class ModerationEndpoints
{
    public static IServiceCollection AddModeration(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => WorkingCalendar.Embedded());
        services.TryAddSingleton(_ => RuleSet.Embedded());
        services.AddOptions<UndoOptions>().BindConfiguration("Desk")
            .Validate(o => o.IsValid, "Desk:UndoWindow is from 00:00:00 to 00:01:00.").ValidateOnStart();
        return services.AddScoped<Decisions>().AddScoped<Comparison>().AddScoped<StaleVersion>().AddReviewQueue().AddExposure().AddScoped<ReportReader>().AddScoped<RelatedReports>().AddScoped<EvidenceMetadata>().AddScoped<Words>().AddScoped<StaffNames>().AddScoped<DeskTasks>().AddReferrals().AddSearch().AddTeamView();
    }

    public static IEndpointRouteBuilder MapModeration(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/moderation").WithTags("Moderation")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);

        var queue = api.MapGroup("/queue").RequireAuthorization(Policies.Moderator);
        queue.MapGet("/", ListAsync).WithName("ListQueue").WithSummary("Reports to work on, most pressing first.")
            .WithDescription("Without a state: received, under_verification and needs_information. A province as area covers its regencies. As queue: mine, second_review, returned, waiting_for_reporter or overdue.")
            .Produces<QueueReader.Response>().ProducesValidationProblem();
        queue.MapQueueStream();
        queue.MapPost("/next", NextAsync).WithName("ClaimNext").WithSummary("Claim the most pressing report that is free.")
            .WithDescription("Exclusive under any concurrency. Never a report that waits for a second review of one's own vote.")
            .Produces<QueueItem>().Produces(StatusCodes.Status204NoContent);

        var reports = api.MapGroup("/reports/{id:guid}").RequireAuthorization(Policies.Moderator).ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/", ReadAsync).WithName("ReadReport").WithSummary("One report: everything but who the reporter is.").Produces<ReportView>();
        Action(reports.MapPost("/claim", ClaimAsync), "ClaimReport", "Take the report for 30 minutes, or renew the claim; renewing changes no version.");
        Action(reports.MapPost("/leave", LeaveAsync), "LeaveReport", "The page was left: the claim lapses after 90 seconds unless it is renewed.");
        Action(reports.MapPost("/release", ReleaseAsync), "ReleaseReport", "Give the claim back; a supervisor may give back another's.");
        Action(reports.MapPost("/request-information", RequestInformationAsync), "RequestInformation", "Ask the reporter; the question is read with the receipt.");
        Action(reports.MapPost("/verify", VerifyAsync), "VerifyReport", "The report goes to the police, in a confirmed tier.");
        Action(reports.MapPost("/reject", RejectAsync), "RejectReport", "Not for the police. Takes two people where children or an immediate danger may be concerned.");
        Action(reports.MapPost("/mark-duplicate", MarkDuplicateAsync), "MarkDuplicate", "The same as another report, by reference or id; its evidence then counts for that one.");
        Action(reports.MapPost("/retriage", RetriageAsync), "RetriageReport", "Another tier for a report that is with the police. Leaving immediate takes two people.");
        Action(reports.MapPost("/undo", UndoAsync), "UndoDecision", "Take one's own last decision back, in the seconds before police or reporter are told of it; the claim comes back with it.");
        Action(reports.MapPost("/notes", NoteAsync), "AddNote", "Add an internal remark.");
        Action(reports.MapPost("/reopen", ReopenAsync).RequireAuthorization(Policies.Supervisor), "ReopenReport", "Open an ended report again.");
        Action(reports.MapPost("/close", CloseAsync).RequireAuthorization(Policies.Supervisor), "CloseReport", "Close a resolved report before its time.");

        var evidence = api.MapGroup("/reports/{id:guid}/evidence/{evidenceId:guid}").ProducesProblem(StatusCodes.Status404NotFound);
        evidence.MapGet("/metadata", MetadataAsync).RequireAuthorization(Policies.Moderator)
            .WithName("ReadEvidenceMetadata").WithSummary("Name, type, size, state and hashes of a file, and what it tells that leads to nobody.").Produces<EvidenceMetadata.Response>();
        evidence.MapGet("/thumbnail", ThumbnailAsync).RequireAuthorization(Policies.Moderator)
            .WithName("ViewThumbnail").WithSummary("The small picture of a file. Leaves a custody event.").WithDescription(ViewCopy.KnownText).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .Produces<byte[]>(contentType: ViewCopy.PictureType).ProducesProblem(StatusCodes.Status409Conflict);
        evidence.MapGet("/contact-sheet", ContactSheetAsync).RequireAuthorization(Policies.Moderator)
            .WithName("ViewContactSheet").WithSummary("Sixteen frames of a video on one sheet. Leaves a custody event.").WithDescription(ViewCopy.KnownText).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .Produces<byte[]>(contentType: ViewCopy.PictureType).ProducesProblem(StatusCodes.Status409Conflict);
        evidence.MapGet("/working-copy", WorkingCopyAsync).RequireAuthorization(Policies.Moderator)
            .WithName("ViewWorkingCopy").WithSummary("The re-encoded copy that people look at; Range honoured. Leaves a custody event.").WithDescription(ViewCopy.KnownText).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .Produces<byte[]>(contentType: "application/octet-stream").Produces<byte[]>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .ProducesProblem(StatusCodes.Status409Conflict);
        evidence.MapGet("/original", OriginalAsync).RequireAuthorization(Policies.EvidenceCustodian)
            .WithName("ReadOriginal").WithSummary("The original, for a stated purpose; Range honoured. Leaves a custody event.")
            .Produces<byte[]>(contentType: "application/octet-stream").Produces<byte[]>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .ProducesValidationProblem();
        evidence.MapGet("/metadata-sheet", MetadataSheetAsync).RequireAuthorization(Policies.EvidenceCustodian)
            .WithName("ReadMetadataSheetForCustody").WithSummary("All that a file says of itself, the place included, for a stated purpose. Leaves a custody event.")
            .Produces<MetadataSheet>().ProducesValidationProblem();

        api.MapExposure();
        api.MapDesk();
        api.MapReferrals();
        api.MapSearch();
        api.MapTeamView();
        return routes;
    }

    /// <summary>Bytes of a body: more than any text may have, so that one that is too long is told so by its field.</summary>
    private const int MostBytes = 2 * 1024 * 1024;

    private static void Action(RouteHandlerBuilder route, string name, string summary) => route
        .WithName(name).WithSummary(summary).WithMetadata(new RequestSizeLimitAttribute(MostBytes))
        .Produces<ReportChanged>().ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static async Task<IHttpResult> ListAsync([AsParameters] QueueReader.Filter filter, HttpContext context, QueueReader query, CancellationToken ct) =>
        (await query.ReadAsync(filter, context.User.StaffId(), ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> NextAsync(HttpContext context, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new ClaimNext.Command(context.User.ToActor()), ct)).ToHttp(next => next.Report is { } report
            ? TypedResults.Ok(report)
            : TypedResults.NoContent());

    private static async Task<IHttpResult> ReadAsync(Guid id, HttpContext context, ReportReader reader, CancellationToken ct)
    {
        var read = await reader.ReadAsync(id, ct);
        if (read.IsSuccess)
        {
            context.Response.GetTypedHeaders().ETag = ExpectedVersion.ETag(read.Value.Version);
        }

        return read.ToHttp(TypedResults.Ok);
    }

    private static Task<IHttpResult> ClaimAsync(Guid id, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Claim.Command(id, caller.Actor, caller.IfMatch), ct), caller);

    private static Task<IHttpResult> ReleaseAsync(Guid id, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Release.Command(id, caller.Actor, caller.IfMatch), ct), caller);

    private static Task<IHttpResult> LeaveAsync(Guid id, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Leave.Command(id, caller.Actor), ct), caller);

    private static Task<IHttpResult> RequestInformationAsync(Guid id, TextBody body, bool? undoable, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new RequestInformation.Command(id, caller.Actor, caller.IfMatch, body.Text, undoable is true), ct), caller);

    private static Task<IHttpResult> VerifyAsync(Guid id, VerifyBody body, bool? undoable, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Verify.Command(id, caller.Actor, caller.IfMatch, body.Category, body.Tier, body.Reason, undoable is true), ct), caller);

    private static Task<IHttpResult> RejectAsync(Guid id, RejectBody body, bool? undoable, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Reject.Command(id, caller.Actor, caller.IfMatch, body.Disposition, body.Note, undoable is true), ct), caller);

    private static Task<IHttpResult> MarkDuplicateAsync(Guid id, DuplicateBody body, bool? undoable, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new MarkDuplicate.Command(id, caller.Actor, caller.IfMatch, body.Of, undoable is true), ct), caller);

    private static Task<IHttpResult> RetriageAsync(Guid id, RetriageBody body, bool? undoable, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Retriage.Command(id, caller.Actor, caller.IfMatch, body.Tier, body.Reason, undoable is true), ct), caller);

    private static async Task<IHttpResult> UndoAsync(Guid id, Caller caller, IMediator mediator, CancellationToken ct)
    {
        var undone = await mediator.Send(new Undo.Command(id, caller.Actor, caller.IfMatch), ct);
        return await AnswerAsync(Task.FromResult<Result<ReportChanged>>(undone.IsSuccess ? undone.Value.Changed : undone.Error), caller);
    }

    private static Task<IHttpResult> NoteAsync(Guid id, TextBody body, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new AddNote.Command(id, caller.Actor, caller.IfMatch, body.Text), ct), caller);

    private static Task<IHttpResult> ReopenAsync(Guid id, ReasonBody body, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Reopen.Command(id, caller.Actor, caller.IfMatch, body.Reason), ct), caller);

    private static Task<IHttpResult> CloseAsync(Guid id, Caller caller, IMediator mediator, CancellationToken ct) =>
        AnswerAsync(mediator.Send(new Close.Command(id, caller.Actor, caller.IfMatch), ct), caller);

    private static async Task<IHttpResult> MetadataAsync(Guid id, Guid evidenceId, EvidenceMetadata query, CancellationToken ct) =>
        (await query.ReadAsync(id, evidenceId, ct)).ToHttp(TypedResults.Ok);

    private static Task<IHttpResult> ThumbnailAsync(Guid id, Guid evidenceId, string? reveal, HttpContext context, IMediator mediator, IEvidenceStore store) =>
        CopyAsync(id, new BlobKey(evidenceId, BlobKind.Thumbnail), reveal, context, mediator, store);

    private static Task<IHttpResult> ContactSheetAsync(Guid id, Guid evidenceId, string? reveal, HttpContext context, IMediator mediator, IEvidenceStore store) =>
        CopyAsync(id, new BlobKey(evidenceId, BlobKind.ContactSheet), reveal, context, mediator, store);

    private static Task<IHttpResult> WorkingCopyAsync(Guid id, Guid evidenceId, string? reveal, HttpContext context, IMediator mediator, IEvidenceStore store) =>
        CopyAsync(id, new BlobKey(evidenceId, BlobKind.WorkingCopy), reveal, context, mediator, store);

    private static async Task<IHttpResult> CopyAsync(Guid id, BlobKey key, string? reveal, HttpContext context, IMediator mediator, IEvidenceStore store)
    {
        var viewed = await mediator.Send(
            new ViewCopy.Command(id, key.EvidenceId, key.Kind, context.User.ToActor(), EvidenceBytes.RangeOf(context.Request), reveal is ViewCopy.RevealKnown),
            context.RequestAborted);
        return viewed.IsSuccess ? await EvidenceBytes.SendAsync(context, store, key, viewed.Value.MediaType, downloadName: null) : viewed.Error.ToProblem();
    }

    private static async Task<IHttpResult> OriginalAsync(
        Guid id, Guid evidenceId, string? purpose, HttpContext context, IMediator mediator, IEvidenceStore store)
    {
        var read = await mediator.Send(
            new ReadOriginal.Command(id, evidenceId, context.User.ToActor(Domain.ActorKind.EvidenceCustodian), purpose, EvidenceBytes.RangeOf(context.Request)),
            context.RequestAborted);

        // Never under its own type: an original is a file to keep, not a page to open.
        return read.IsSuccess
            ? await EvidenceBytes.SendAsync(context, store, BlobKey.Original(evidenceId), "application/octet-stream", read.Value.Name)
            : read.Error.ToProblem();
    }

    private static async Task<IHttpResult> MetadataSheetAsync(Guid id, Guid evidenceId, string? purpose, HttpContext context, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new ReadMetadataSheet.Command(id, evidenceId, context.User.ToActor(Domain.ActorKind.EvidenceCustodian), purpose), ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> AnswerAsync(Task<Result<ReportChanged>> outcome, Caller caller)
    {
        var changed = await outcome;
        if (changed.IsSuccess)
        {
            caller.Response.GetTypedHeaders().ETag = ExpectedVersion.ETag(changed.Value.Version);
        }

        return changed.Error == ReportErrors.StaleVersion
            ? await caller.Request.RequestServices.GetRequiredService<StaleVersion>().AnswerAsync(caller.ReportId, caller.IfMatch, caller.Request.RequestAborted)
            : changed.ToHttp(TypedResults.Ok);
    }

    /// <summary>Who acts, and on which version.</summary>
    private sealed record Caller(Domain.Actor Actor, string? IfMatch, HttpContext Request)
    {
        public HttpResponse Response => Request.Response;

        public Guid ReportId => Guid.Parse((string)Request.GetRouteValue("id")!);

        public static ValueTask<Caller?> BindAsync(HttpContext context) => new(new Caller(
            context.User.ToActor(),
            context.Request.Headers.IfMatch is { Count: > 0 } header ? header.ToString() : null,
            context));
    }

    public sealed record TextBody(string? Text);

    public sealed record ReasonBody(string? Reason);

    public sealed record VerifyBody(string? Category, string? Tier, string? Reason);

    public sealed record RejectBody(string? Disposition, string? Note);

    public sealed record DuplicateBody(string? Of);

    public sealed record RetriageBody(string? Tier, string? Reason);
}
