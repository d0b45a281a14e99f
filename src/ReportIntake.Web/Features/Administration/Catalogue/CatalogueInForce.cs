using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Administration.Catalogue;

/// <summary>
/// What the program decides by, with versions: rules, categories, areas, destinations. It comes with the program and is
/// changed with it, reviewed and tested like code; nothing of it is an admin's to change at run time.
/// </summary>
internal static class CatalogueInForce
{
    /// <param name="Editable">Always false.</param>
    public sealed record Response(
        bool Editable, Rules Triage, Part<Category> Categories, Part<Platform> Platforms, Part<Stage> Stages, Areas Areas, Referrals Referrals);

    /// <param name="Version">As stored with every assessment.</param>
    public sealed record Rules(string Version, IReadOnlyList<TriageRule> Items);

    /// <param name="Version">First 16 hexadecimal digits of the SHA-256 of the content: equal where the content is.</param>
    public sealed record Part<T>(string Version, IReadOnlyList<T> Items);

    /// <param name="Version">As that of <see cref="Part{T}"/>. The areas themselves are at <c>GET /api/v1/catalogue</c>.</param>
    public sealed record Areas(string Version, int Provinces, int Regencies);

    public sealed record Referrals(string Version, IReadOnlyList<Destination> Destinations, IReadOnlyList<ReferralRule> Rules);

    public static void MapCatalogueInForce(this IEndpointRouteBuilder admin) => admin.MapGet("/catalogue", Read)
        .WithName("ReadCatalogueInForce").WithSummary("The rules, categories, areas and destinations in force, with their versions; read only.");

    private static Ok<Response> Read(ReportCatalogue catalogue, RuleSet rules, ReferralCatalogue referrals) => TypedResults.Ok(new Response(
        false,
        new Rules(rules.Version, rules.Rules),
        PartOf(catalogue.Categories),
        PartOf(catalogue.Platforms),
        PartOf(catalogue.Stages),
        new Areas(VersionOf(catalogue.Areas), catalogue.Areas.Count(a => a.Province is null), catalogue.Areas.Count(a => a.Province is not null)),
        new Referrals(referrals.Version, referrals.Destinations, referrals.Rules)));

    private static Part<T> PartOf<T>(IReadOnlyList<T> items) => new(VersionOf(items), items);

    private static string VersionOf<T>(IReadOnlyList<T> items) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(items))))[..16];
}
