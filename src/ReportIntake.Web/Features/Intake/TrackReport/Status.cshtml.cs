using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Intake.SubmitReport;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.RateLimiting;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>
/// A report by its receipt code: what has become of it, messages both ways, more evidence, withdrawal, proof of filing. The code
/// is posted, and carried on in a <see cref="ReceiptTicket"/>; attempts are counted by <see cref="RateLimits.Receipt"/>.
/// </summary>
/// <remarks>Antiforgery is validated here for the reason given at <see cref="ReportFormModel"/>.</remarks>
[StreamedForm]
[IgnoreAntiforgeryToken]
[EnableRateLimiting(RateLimits.Receipt)]
public sealed class StatusModel(
    ReceiptLookup receipts, ReceiptTicket tickets, ReadReceipt.Query query, ProofOfFiling.Query proofs, FormEvidence evidence, IMediator mediator,
    IAntiforgery antiforgery, ErrorText errorText, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, IStringLocalizer<StatusTexts> texts) : PageModel, ITakesFiles
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty]
    public string? Ticket { get; set; }

    /// <summary><c>message</c>, <c>evidence</c>, <c>withdraw</c>, <c>withdraw_now</c>, <c>proof</c>, or anything else to look.</summary>
    [BindProperty]
    public string? Go { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    [BindProperty]
    public List<string> UploadIds { get; set; } = [];

    public string? Files => null;

    /// <summary>Null until a known code has been given.</summary>
    public ReadReceipt.Response? Report { get; private set; }

    /// <summary>The page asks whether the report is really to be withdrawn.</summary>
    public bool Withdrawing { get; private set; }

    /// <summary>What has just been done, in words.</summary>
    public string? Notice { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        try
        {
            return await AnswerAsync(cancellationToken);
        }
        catch (Exception e) when (e is not BadHttpRequestException && ExceptionProblems.ErrorOf(e) is { } error)
        {
            // What was typed is shown again, even where the report cannot be.
            Refuse("", errorText.Of(error), error.Kind);
            return Page();
        }
    }

    private async Task<IActionResult> AnswerAsync(CancellationToken cancellationToken)
    {
        var sameSite = await antiforgery.IsRequestValidAsync(HttpContext);
        if (!sameSite)
        {
            await Request.Body.CopyToAsync(Stream.Null, cancellationToken);
            Refuse("", texts["page_too_old"], ErrorKind.Invalid);
        }

        var code = tickets.Open(Ticket) ?? (ReceiptCode.TryParse(Code, out var typed) ? typed : null);
        if (code is null)
        {
            Ticket = null;
            Refuse(nameof(Code), string.IsNullOrWhiteSpace(Code) ? texts["code.required"] : texts["code.wrong"], ErrorKind.NotFound);
            return Page();
        }

        var found = await receipts.FindAsync(code.Reveal(), cancellationToken);
        if (!found.IsSuccess)
        {
            Ticket = null;
            Refuse(nameof(Code), texts["code.unknown"], ErrorKind.NotFound);
            return Page();
        }

        (Ticket, Code) = (tickets.Close(code), null);
        if (sameSite && Go == "proof")
        {
            var proof = JsonSerializer.SerializeToUtf8Bytes(await proofs.IssueAsync(found.Value, cancellationToken), json.Value.SerializerOptions);
            return File(proof, "application/json", texts["proof.file_name"].Value);
        }

        if (sameSite)
        {
            await ActAsync(found.Value, cancellationToken);
        }

        Report = await query.ReadAsync(found.Value, cancellationToken);
        return Page();
    }

    private async Task ActAsync(Guid report, CancellationToken cancellationToken)
    {
        switch (Go)
        {
            case "message":
                Settle(await mediator.Send(new AnswerReport.Command(report, Text), cancellationToken), nameof(Text), "message.sent");
                Text = ModelState.IsValid ? null : Text;
                break;
            case "evidence":
                await SupplyAsync(report, cancellationToken);
                break;
            case "withdraw":
                Withdrawing = true;
                break;
            case "withdraw_now":
                Settle(await mediator.Send(new WithdrawReport.Command(report), cancellationToken), "", "withdraw.done");
                break;
        }
    }

    private async Task SupplyAsync(Guid report, CancellationToken cancellationToken)
    {
        var sent = (await query.ReadAsync(report, cancellationToken)).Evidence.Count;
        var taken = await evidence.TakeAsync(HttpContext, UploadIds, sent, cancellationToken);
        if (taken.Files.Count > 0)
        {
            var added = await mediator.Send(new SupplyEvidence.Command(report, [.. taken.Files.Select(f => f.Id)]), cancellationToken);
            Settle(added, nameof(Files), "evidence.sent");
        }
        else if (taken.Refusals.Count == 0)
        {
            Refuse(nameof(Files), texts["evidence.required"], ErrorKind.Invalid);
        }

        foreach (var refusal in taken.Refusals)
        {
            Refuse(nameof(Files), refusal, ErrorKind.Invalid);
        }
    }

    private void Settle(Result result, string field, string done)
    {
        if (result.IsSuccess)
        {
            Notice = texts[done];
            return;
        }

        foreach (var message in result.Error.Fields.Count == 0 ? [errorText.Of(result.Error)] : result.Error.Fields.Select(errorText.Of))
        {
            Refuse(field, message, result.Error.Kind);
        }
    }

    private void Refuse(string field, string message, ErrorKind kind)
    {
        ModelState.AddModelError(field, message);
        Response.StatusCode = Problems.Status(kind);
    }
}
