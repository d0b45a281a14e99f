using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>
/// The search page. It posts: what is typed is somebody's name or number, and would otherwise stay in the browser's
/// history and in the logs of whatever stands before this program.
/// </summary>
public sealed class SearchModel(IMediator mediator, ErrorText errors) : PageModel
{
    [BindProperty]
    public string? Indicator { get; set; }

    [BindProperty]
    public string? Reference { get; set; }

    [BindProperty]
    public string? Text { get; set; }

    [BindProperty]
    public string? Cursor { get; set; }

    /// <summary>Null until something was searched for.</summary>
    public SearchReports.Response? Found { get; private set; }

    public bool IsLaterPage { get; private set; }

    public void OnGet()
    {
    }

    public async Task OnPostAsync(CancellationToken cancellationToken)
    {
        var query = new SearchReports.Query(Blank(Indicator), Blank(Reference), Blank(Text), null, Blank(Cursor));
        var found = await mediator.Send(new SearchReports.Command(query, User.ToActor()), cancellationToken);
        IsLaterPage = query.Cursor is not null;
        Found = found.IsSuccess ? found.Value : null;
        foreach (var field in found.Error?.Fields ?? [])
        {
            ModelState.AddModelError(field.Field is "cursor" ? "" : char.ToUpperInvariant(field.Field[0]) + field.Field[1..], errors.Of(field));
        }
    }

    private static string? Blank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
