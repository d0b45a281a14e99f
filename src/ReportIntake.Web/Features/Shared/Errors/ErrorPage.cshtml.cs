using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Features.Shared.Errors;

/// <summary>The page for whatever fails: reached by re-execution only, so the address in the browser stays the one asked for.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken] // it shows and changes nothing, and must answer a failed post too
public sealed class ErrorPageModel : PageModel
{
    /// <summary>Statuses with words of their own; all others are told as 500 or, below that, as 400.</summary>
    private static readonly int[] Known = [400, 403, 404, 413, 429, 503, 507];

    public int Status { get; private set; }

    /// <summary>Key of the texts.</summary>
    public string Key => Known.Contains(Status) ? $"{Status}" : Status >= 500 ? "500" : "400";

    public bool ForStaff { get; private set; }

    public void OnGet(int? status) => Describe(status);

    public void OnPost(int? status) => Describe(status);

    private void Describe(int? status)
    {
        var failed = HttpContext.Features.Get<IExceptionHandlerPathFeature>();
        var refused = HttpContext.Features.Get<IStatusCodeReExecuteFeature>();
        Status = failed is not null ? (ExceptionProblems.ErrorOf(failed.Error) is { } error ? Problems.Status(error.Kind) : StatusCodes.Status500InternalServerError)
            : refused is not null ? status ?? StatusCodes.Status404NotFound
            : StatusCodes.Status404NotFound;
        ForStaff = new PathString(failed?.Path ?? refused?.OriginalPath).StartsWithSegments("/staff", StringComparison.OrdinalIgnoreCase);
        Response.StatusCode = Status;
    }
}
