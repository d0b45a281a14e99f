using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Localization;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.RateLimiting;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>
/// The form, one step at a time and all at one address: a history of the browser tells no more than that it was open. Each
/// button posts the step with the answers so far and gets a step back. <see cref="SentModel"/> sends.
/// </summary>
/// <remarks>
/// Antiforgery is validated here and not by the framework's filter, whose bare 400 would lose what was typed: a page that
/// was open too long comes back as it was, with a new token and the request to press the button again.
/// </remarks>
[StreamedForm]
[IgnoreAntiforgeryToken]
[EnableRateLimiting(RateLimits.Uploads)]
public sealed class ReportFormModel(
    DraftSeal seal, DraftCheck check, FormEvidence evidence, IAntiforgery antiforgery, ErrorText errorText, IStringLocalizer<ReportTexts> texts) : PageModel, ITakesFiles
{
    private ReportDraft answers = new();

    /// <summary>Sealed answers of the steps before.</summary>
    [BindProperty]
    public string? Draft { get; set; }

    [BindProperty]
    public Step Step { get; set; }

    /// <summary>The button: <c>next</c>, <c>back</c>, <c>stay</c>, <c>step:Tell</c>, <c>remove_file:0</c> and so on.</summary>
    [BindProperty]
    public string? Go { get; set; }

    [BindProperty]
    public WhatInput What { get; set; } = new();

    [BindProperty]
    public TellInput Tell { get; set; } = new();

    [BindProperty]
    public FactsInput Facts { get; set; } = new();

    [BindProperty]
    public ContactInput Contact { get; set; } = new();

    /// <summary>Files that the script has uploaded already.</summary>
    [BindProperty]
    public List<string> UploadIds { get; set; } = [];

    public string? Files => null;

    public ReportDraft Answers => answers;

    public string Sealed => seal.Close(answers);

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        if (seal.Open(Draft) is not { } before)
        {
            return StatusCode(StatusCodes.Status400BadRequest); // the error page says how to go on
        }

        answers = WithThisStep(before);
        ModelState.Clear(); // what is shown comes from the answers; only this request's errors are added below
        if (!await antiforgery.IsRequestValidAsync(HttpContext))
        {
            await Request.Body.CopyToAsync(Stream.Null, cancellationToken); // or a browser that is still sending files gets no answer
            ModelState.AddModelError("", texts["page_too_old"]);
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (Step is not Step.Files || await TakeFilesAsync(cancellationToken))
        {
            await MoveAsync(cancellationToken);
        }

        (What, Tell, Facts, Contact) = (answers.What, answers.Tell, answers.Facts, answers.Contact);
        return Page();
    }

    private ReportDraft WithThisStep(ReportDraft draft) => Step switch
    {
        Step.What => draft with { What = What },
        Step.Tell => draft with { Tell = Tell },
        Step.Facts => draft with { Facts = Facts },
        Step.Contact => draft with { Contact = Contact },
        _ => draft,
    };

    /// <summary>True where the step may be left: every file sent with it has been taken.</summary>
    private async Task<bool> TakeFilesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var taken = await evidence.TakeAsync(HttpContext, UploadIds, answers.Files.Count, cancellationToken);
            answers = answers with { Files = [.. answers.Files, .. taken.Files.ExceptBy(answers.Files.Select(f => f.Id), f => f.Id)] };
            Go ??= taken.LaterFields.GetValueOrDefault(nameof(Go)); // buttons stand after the file input
            foreach (var refusal in taken.Refusals)
            {
                ModelState.AddModelError(nameof(Files), refusal);
            }
        }
        catch (Exception e) when (e is not BadHttpRequestException && ExceptionProblems.ErrorOf(e) is { } error)
        {
            ModelState.AddModelError(nameof(Files), errorText.Of(error));
            Response.StatusCode = Problems.Status(error.Kind);
        }

        return ModelState.IsValid;
    }

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        var (verb, argument) = Go?.Split(':', 2) is [var v, var a] ? (v, a) : (Go, "");
        switch (verb)
        {
            case "back":
                Step = Step > Step.What ? Step - 1 : Step;
                break;
            case "stay":
                break;
            case "step" when Enum.TryParse(argument, out Step target) && Enum.IsDefined(target) && target is not Step.Check:
                Step = target;
                break;
            case "add_subject" when answers.Tell.Subjects.Count < Subject.MaxPerReport:
                answers = answers with { Tell = answers.Tell with { Subjects = [.. answers.Tell.Subjects, new SubjectInput()] } };
                break;
            case "remove_subject" when int.TryParse(argument, out var index):
                answers = answers with { Tell = answers.Tell with { Subjects = [.. answers.Tell.Subjects.Where((_, i) => i != index).DefaultIfEmpty(new SubjectInput())] } };
                break;
            case "remove_file" when int.TryParse(argument, out var index) && index >= 0 && index < answers.Files.Count:
                await evidence.RemoveAsync(answers.Files[index], cancellationToken);
                answers = answers with { Files = [.. answers.Files.Where((_, i) => i != index)] };
                break;
            default:
                await NextAsync(cancellationToken);
                break;
        }
    }

    private async Task NextAsync(CancellationToken cancellationToken)
    {
        answers = answers with { Tell = answers.Tell.WithoutEmpty() };
        var wrong = await check.FindAsync(answers, cancellationToken);
        if (wrong.Any(e => e.Step == Step))
        {
            Show(wrong.Where(e => e.Step == Step));
            return;
        }

        Step = answers.Reviewed || Step >= Step.Contact ? Step.Check : Step + 1;
        if (Step is Step.Check && wrong.Count > 0)
        {
            Step = wrong[0].Step;
            Show(wrong.Where(e => e.Step == Step));
        }
        else if (Step is Step.Check)
        {
            // A new key each time the answers are shown: corrected answers are another request than those sent before.
            answers = answers with { Reviewed = true, IdempotencyKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)) };
        }
    }

    private void Show(IEnumerable<AnswerError> wrong)
    {
        foreach (var error in wrong)
        {
            ModelState.AddModelError(error.Field, error.Message);
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
    }
}
