using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>How evidence is shown to oneself, what one is not given, and one's own load of today.</summary>
public sealed class ViewingModel(
    ReportIntakeDbContext database, ExposureBudget budget, IOptions<ViewingOptions> organisation, ReportCatalogue catalogue,
    IStringLocalizer<ExposureTexts> texts, IMediator mediator, TimeProvider clock) : PageModel
{
    private const string On = "on", Off = "off";

    public sealed class ViewingForm
    {
        public string? Blur { get; set; }

        public string? Grey { get; set; }

        public string? Muted { get; set; }

        public string? Size { get; set; }

        public List<string> Avoided { get; set; } = [];
    }

    [BindProperty]
    public ViewingForm Choosing { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public bool Saved { get; set; }

    public ExposureLoad Load { get; private set; } = null!;

    public ViewingOptions Organisation => organisation.Value;

    public IEnumerable<Choice> Sizes =>
        [Given(texts[$"size.{Organisation.Size.Name()}"]), .. Enum.GetValues<MediaSize>().Select(s => new Choice(s.Name(), texts[$"size.{s.Name()}"]))];

    public IEnumerable<Choice> Categories => catalogue.Categories.Select(c => new Choice(c.Code, c.Name.ToString()));

    public IEnumerable<Choice> Switch(bool given) => [Given(texts[given ? "switch.on" : "switch.off"]), new(On, texts["switch.on"]), new(Off, texts["switch.off"])];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var staff = User.StaffId();
        Load = await budget.LoadAsync(staff, clock.GetUtcNow(), cancellationToken);
        if (await database.Set<ViewingPreferences>().AsNoTracking().SingleOrDefaultAsync(p => p.StaffId == staff, cancellationToken) is { } own)
        {
            Choosing = new ViewingForm { Blur = Named(own.Blur), Grey = Named(own.Grey), Muted = Named(own.Muted), Size = own.Size?.Name(), Avoided = [.. own.AvoidedCategories] };
        }
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var size = Enum.GetValues<MediaSize>().Cast<MediaSize?>().FirstOrDefault(s => s!.Value.Name() == Choosing.Size);
        await mediator.Send(
            new SetViewing.Command(User.StaffId(), Chosen(Choosing.Blur), Chosen(Choosing.Grey), Chosen(Choosing.Muted), size, Choosing.Avoided),
            cancellationToken);
        return LocalRedirect("/staff/account/viewing?saved=true");
    }

    private Choice Given(string value) => new("", texts["viewing.as_given", value]);

    private static string? Named(bool? value) => value is { } chosen ? chosen ? On : Off : null;

    private static bool? Chosen(string? name) => name switch
    {
        On => true,
        Off => false,
        _ => null,
    };
}
