using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Intake.Catalogue;

/// <summary><c>GET /api/v1/catalogue</c>: all that a client needs to build a report, in the language it asks for.</summary>
public static class GetCatalogue
{
    /// <summary>Names are in <c>Language</c> (<c>id</c> or <c>en</c>); only the codes are permanent.</summary>
    public sealed record Response(
        string Language,
        IReadOnlyList<CategoryItem> Categories,
        IReadOnlyList<PlatformItem> Platforms,
        IReadOnlyList<StageItem> Stages,
        IReadOnlyList<AreaItem> Areas,
        Limits Limits,
        IReadOnlyList<string> AcceptedMediaTypes);

    public sealed record CategoryItem(string Code, string Name, string Description, bool ChildSafety, IReadOnlyList<string> Asks);

    public sealed record PlatformItem(string Code, string Name);

    public sealed record StageItem(string Code, string Name, string Description);

    /// <summary><c>Province</c> is the code of the province a regency is in; null for a province.</summary>
    public sealed record AreaItem(string Code, string Name, string? Province);

    /// <summary>The description in UTF-16 code units, as browsers count; a file in bytes.</summary>
    public sealed record Limits(int DescriptionMaxLength, long FileMaxSize, int FilesPerReport);

    public static IServiceCollection AddCatalogue(this IServiceCollection services) => services.AddSingleton(ReportCatalogue.Load());

    public static IEndpointRouteBuilder MapCatalogue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/catalogue", Handle).AllowAnonymous().WithTags("Citizens")
            .WithName("GetCatalogue").WithSummary("Categories, platforms, stages, areas, limits and accepted media types.");
        return routes;
    }

    private static Ok<Response> Handle(ReportCatalogue catalogue, IOptions<EvidenceOptions> limits)
    {
        var culture = CultureInfo.CurrentUICulture;
        return TypedResults.Ok(new Response(
            culture.TwoLetterISOLanguageName,
            [.. catalogue.Categories.Select(c => new CategoryItem(c.Code, c.Name.In(culture), c.Description.In(culture), c.ChildSafety, c.Asks))],
            [.. catalogue.Platforms.Select(p => new PlatformItem(p.Code, p.Name.In(culture)))],
            [.. catalogue.Stages.Select(s => new StageItem(s.Code, s.Name.In(culture), s.Description.In(culture)))],
            [.. catalogue.Areas.Select(a => new AreaItem(a.Code, a.Name, a.Province))],
            new Limits(Report.DescriptionMaxLength, limits.Value.MaxFileSize, limits.Value.MaxFilesPerReport),
            [.. AcceptedMedia.All.Select(t => t.MediaType)]));
    }
}
