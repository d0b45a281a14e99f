using MediatR;
using Microsoft.AspNetCore.Mvc;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Intake.TrackReport;
using ReportIntake.Web.RateLimiting;
using Submission = ReportIntake.Web.Features.Intake.SubmitReport.SubmitReport;

namespace ReportIntake.Web.Features.Intake;

/// <summary>The citizens' routes: no account, no cookie. What belongs to a report is reached with its receipt code alone.</summary>
public static class IntakeEndpoints
{
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Citizens").AllowAnonymous();
        api.MapPost("/reports", SubmitAsync)
            .RequireRateLimiting(RateLimits.Submit)
            .WithName("SubmitReport").WithSummary("File a report.")
            .WithDescription("Only category and one of description, subjects and uploadIds are required. The receipt code is shown once. Errors: validation_failed, idempotency_key_reused, storage_full, database_unavailable.")
            .Produces<Submission.Response>(StatusCodes.Status201Created)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

        var receipt = api.MapGroup("/receipt").RequireReceipt().RequireRateLimiting(RateLimits.Receipt)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);
        receipt.MapGet("/", ReadAsync).WithName("ReadReceipt").WithSummary("Status, evidence and messages of the report of a receipt code.").Produces<ReadReceipt.Response>();
        receipt.MapPost("/messages", AnswerAsync).WithName("AddMessage").WithSummary("Write to those who work on the report.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        receipt.MapPost("/evidence", SupplyAsync).WithName("AddEvidence").WithSummary("Add files.")
            .Produces(StatusCodes.Status204NoContent).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        receipt.MapPost("/withdrawal", WithdrawAsync).WithName("WithdrawReport").WithSummary("Take the report back.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
        receipt.MapGet("/proof", ProofAsync).WithName("ReadProofOfFiling").WithSummary("Signed proof of filing; verifies offline.").Produces<ProofOfFiling.Response>();
        return routes;
    }

    private static async Task<Microsoft.AspNetCore.Http.IResult> SubmitAsync(
        Submission.Command body, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, IMediator mediator, CancellationToken cancellationToken)
    {
        var result = await mediator.Send(body with { IdempotencyKey = idempotencyKey }, cancellationToken);
        return result.ToHttp(r => TypedResults.Created("/api/v1/receipt", r));
    }

    private static async Task<Microsoft.AspNetCore.Http.IResult> ReadAsync(Receipt receipt, ReadReceipt.Query query, CancellationToken cancellationToken) =>
        TypedResults.Ok(await query.ReadAsync(receipt.ReportId, cancellationToken));

    private static async Task<Microsoft.AspNetCore.Http.IResult> AnswerAsync(Receipt receipt, TextBody body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new AnswerReport.Command(receipt.ReportId, body.Text), cancellationToken)).ToHttp();

    private static async Task<Microsoft.AspNetCore.Http.IResult> SupplyAsync(Receipt receipt, UploadsBody body, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new SupplyEvidence.Command(receipt.ReportId, body.UploadIds), cancellationToken)).ToHttp();

    private static async Task<Microsoft.AspNetCore.Http.IResult> WithdrawAsync(Receipt receipt, IMediator mediator, CancellationToken cancellationToken) =>
        (await mediator.Send(new WithdrawReport.Command(receipt.ReportId), cancellationToken)).ToHttp();

    private static async Task<Microsoft.AspNetCore.Http.IResult> ProofAsync(Receipt receipt, ProofOfFiling.Query query, CancellationToken cancellationToken) =>
        TypedResults.Ok(await query.IssueAsync(receipt.ReportId, cancellationToken));

    public sealed record TextBody(string? Text);

    public sealed record UploadsBody(IReadOnlyList<string>? UploadIds);
}
