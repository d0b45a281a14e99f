using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Shared.Forms;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>Supervisors see who carries how much, and may let somebody go on for a reason. What was looked at is not here.</summary>
public sealed class LoadsModel(ExposureLoads loads, StaffNames names, ErrorText errors, IMediator mediator, TimeProvider clock) : PageModel
{
    public sealed class ExtendForm
    {
        public string? StaffId { get; set; }

        public string? Reveals { get; set; }

        public string? Reason { get; set; }
    }

    [BindProperty]
    public ExtendForm Extending { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public bool Extended { get; set; }

    public ExposureLoads.Response Loads { get; private set; } = null!;

    /// <summary>Today first.</summary>
    public IReadOnlyList<DateOnly> Days { get; private set; } = [];

    public IReadOnlyList<(string Person, Dictionary<DateOnly, ExposureLoads.Item> Days)> Rows { get; private set; } = [];

    /// <summary>Whose budget may be extended: everybody who looks at evidence, but oneself.</summary>
    public IEnumerable<Choice> People { get; private set; } = [];

    public static string Named(DateOnly day) => day.ToString("d MMM", CultureInfo.CurrentCulture);

    public Task OnGetAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var reveals = int.TryParse(Extending.Reveals, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var staff = Guid.TryParse(Extending.StaffId, out var id) ? id : Guid.Empty;
        var extended = await mediator.Send(new ExtendExposure.Command(User.ToActor(), staff, Extending.Reason, reveals), cancellationToken);
        if (extended.IsSuccess)
        {
            return LocalRedirect("/staff/exposure?extended=true");
        }

        await LoadAsync(cancellationToken);
        if (extended.Error.Fields.Count == 0)
        {
            ModelState.AddModelError($"{nameof(Extending)}.{nameof(ExtendForm.StaffId)}", errors.Of(extended.Error));
        }

        foreach (var field in extended.Error.Fields)
        {
            ModelState.AddModelError($"{nameof(Extending)}.{char.ToUpperInvariant(field.Field[0])}{field.Field[1..]}", errors.Of(field));
        }

        return Page();
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        Loads = (await loads.ReadAsync(null, cancellationToken)).Value;
        var people = await loads.PeopleAsync(cancellationToken);
        await names.LoadAsync([.. Loads.Items.Select(i => (Guid?)i.StaffId), .. people.Select(p => (Guid?)p)], cancellationToken);
        var today = ExposureDay.DayOf(clock.GetUtcNow());
        Days = [.. Enumerable.Range(0, ExposureLoads.DefaultDays).Select(back => today.AddDays(-back))];
        Rows = [.. Loads.Items.GroupBy(i => i.StaffId).Select(g => (Person: names.Of(g.Key), Days: g.ToDictionary(i => i.Day))).OrderBy(r => r.Person, StringComparer.CurrentCulture)];
        People = [.. people.Where(p => p != User.StaffId()).Select(p => new Choice(p.ToString(), names.Of(p))).OrderBy(c => c.Text, StringComparer.CurrentCulture)];
    }
}
