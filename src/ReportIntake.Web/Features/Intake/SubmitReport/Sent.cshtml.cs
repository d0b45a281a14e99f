using System.Text;
using MediatR;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.RateLimiting;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>
/// Sends the answers and shows the receipt. Pressed twice, or loaded again, it shows the same receipt: the key made with the
/// page of answers is the report's. Where it could not be sent, the answers stay in the page and may be sent again.
/// </summary>
/// <remarks>Antiforgery is validated here for the reason given at <see cref="ReportFormModel"/>.</remarks>
[IgnoreAntiforgeryToken]
[EnableRateLimiting(RateLimits.Submit)]
public sealed class SentModel(
    DraftSeal seal, DraftCheck check, ReceiptTicket tickets, IMediator mediator, IAntiforgery antiforgery, ErrorText errorText, IStringLocalizer<ReportTexts> texts) : PageModel
{
    [BindProperty]
    public string? Draft { get; set; }

    [BindProperty]
    public string? Ticket { get; set; }

    [BindProperty]
    public string? Reference { get; set; }

    /// <summary><c>send</c>, <c>download</c>, or <c>saved</c> from the receipt.</summary>
    [BindProperty]
    public string? Go { get; set; }

    [BindProperty]
    public bool Saved { get; set; }

    /// <summary>As shown to the reporter; null until the report is filed, and again when the reporter has saved it.</summary>
    public string? Code { get; private set; }

    public bool Done { get; private set; }

    public IActionResult OnGet() => Redirect(BilingualRoutes.LinkTo("/lapor"));

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        ModelState.Clear();
        if (!await antiforgery.IsRequestValidAsync(HttpContext))
        {
            Refuse("", texts["page_too_old"], StatusCodes.Status400BadRequest);
        }

        if (Ticket is not null)
        {
            return WithReceipt();
        }

        if (seal.Open(Draft) is not { } answers)
        {
            return StatusCode(StatusCodes.Status400BadRequest);
        }

        if (ModelState.IsValid)
        {
            await SendAsync(answers, cancellationToken);
        }

        return Page();
    }

    private async Task SendAsync(ReportDraft answers, CancellationToken cancellationToken)
    {
        try
        {
            var filed = await mediator.Send(check.CommandOf(answers), cancellationToken);
            if (filed.IsSuccess && ReceiptCode.TryParse(filed.Value.ReceiptCode, out var code))
            {
                (Code, Reference, Ticket) = (code.Reveal(), filed.Value.Reference, tickets.Close(code));
                return;
            }

            foreach (var message in filed.Error!.Fields.Count == 0 ? [errorText.Of(filed.Error)] : filed.Error.Fields.Select(errorText.Of).Distinct(StringComparer.Ordinal))
            {
                Refuse("", message, Problems.Status(filed.Error.Kind));
            }
        }
        catch (Exception e) when (ExceptionProblems.ErrorOf(e) is { } error)
        {
            Refuse("", errorText.Of(error), Problems.Status(error.Kind));
        }
    }

    private IActionResult WithReceipt()
    {
        if (tickets.Open(Ticket) is not { } code)
        {
            return StatusCode(StatusCodes.Status400BadRequest);
        }

        Code = code.Reveal();
        if (Go == "download" && ModelState.IsValid)
        {
            // A name and words that tell nothing to whoever finds the file on the phone.
            return File(Encoding.UTF8.GetBytes($"{Reference}\r\n{Code}\r\n"), "text/plain; charset=utf-8", texts["receipt.file_name"].Value);
        }

        if (Go == "saved" && ModelState.IsValid)
        {
            if (Saved)
            {
                (Done, Code) = (true, null);
            }
            else
            {
                Refuse(nameof(Saved), texts["receipt.saved_required"], StatusCodes.Status400BadRequest);
            }
        }

        return Page();
    }

    private void Refuse(string field, string message, int status)
    {
        ModelState.AddModelError(field, message);
        Response.StatusCode = status;
    }
}
