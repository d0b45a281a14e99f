using System.Linq.Expressions;
using System.Security.Claims;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Security;

/// <summary>What a police client may see: its scopes, its areas, and the categories and tiers it is given.</summary>
/// <param name="Areas">Official codes of provinces (<c>32</c>) and regencies (<c>32.74</c>), or <c>national</c>.</param>
public sealed record PoliceClientAccess(Guid ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Areas)
{
    public const string National = "national";
    private const int ProvinceLength = 2;

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <inheritdoc cref="Categories"/>
    public IReadOnlyList<Tier> Tiers { get; init; } = [];

    /// <exception cref="InvalidOperationException">The caller is no police client: the route lacks its policy.</exception>
    public static PoliceClientAccess Of(ClaimsPrincipal user) => new(
        Guid.Parse(user.FindFirstValue(ApiKeyAuthentication.ClientClaim) ?? throw new InvalidOperationException("The caller is no police client.")),
        [.. user.FindAll(ApiKeyAuthentication.ScopeClaim).Select(c => c.Value)],
        [.. user.FindAll(ApiKeyAuthentication.AreaClaim).Select(c => c.Value)])
    {
        Categories = [.. user.FindAll(ApiKeyAuthentication.CategoryClaim).Select(c => c.Value)],
        Tiers = [.. user.FindAll(ApiKeyAuthentication.TierClaim).Select(c => EnumNames.Parse<Tier>(c.Value))],
    };

    /// <summary>The same of a client that is not calling now.</summary>
    public static PoliceClientAccess Of(PoliceClient client) => new(client.Id, client.Scopes, client.Areas)
    {
        Categories = client.Categories,
        Tiers = [.. client.Tiers.Select(EnumNames.Parse<Tier>)],
    };

    /// <summary>Lets an endpoint take it as a parameter.</summary>
    public static ValueTask<PoliceClientAccess?> BindAsync(HttpContext context) => new(Of(context.User));

    public bool IsNational => Areas.Contains(National);

    /// <summary>True where it sees every report that is with the police.</summary>
    public bool CoversAll => IsNational && Categories.Count == 0 && Tiers.Count == 0;

    /// <summary>A province covers itself and its regencies; a report without an area is seen by <c>national</c> only.</summary>
    public bool Covers(string? areaCode) => IsNational
        || (areaCode is not null && (Areas.Contains(areaCode) || (areaCode.Length > ProvinceLength && Areas.Contains(areaCode[..ProvinceLength]))));

    public bool Covers(string? areaCode, string category, Tier? tier) =>
        Covers(areaCode) && (Categories.Count == 0 || Categories.Contains(category)) && CoversTier(tier);

    /// <summary><see cref="Covers(string?, string, Tier?)"/> for a query over reports.</summary>
    public Expression<Func<Report, bool>> CoversReport()
    {
        var (national, areas) = (IsNational, Areas.ToList());
        var (anyCategory, categories) = (Categories.Count == 0, Categories.ToList());
        var (anyTier, tiers) = (Tiers.Count == 0, Tiers.Select(t => (Tier?)t).ToList());
        return r => (national
                || (r.Incident.AreaCode != null && (areas.Contains(r.Incident.AreaCode) || areas.Contains(r.Incident.AreaCode.Substring(0, ProvinceLength)))))
            && (anyCategory || categories.Contains(r.Category))
            && (anyTier || tiers.Contains(r.Tier));
    }

    /// <summary>The same for a query over the feed, with the events by which a report leaves the client's sight.</summary>
    public Expression<Func<PoliceEvent, bool>> CoversEvent()
    {
        var (national, areas) = (IsNational, Areas.ToList());
        var (anyCategory, categories) = (Categories.Count == 0, Categories.ToList());
        var (anyTier, tiers) = (Tiers.Count == 0, Tiers.Select(t => (Tier?)t).ToList());
        return e => (national
                || (e.AreaCode != null && (areas.Contains(e.AreaCode) || areas.Contains(e.AreaCode.Substring(0, ProvinceLength)))))
            && (anyCategory || categories.Contains(e.Category))
            && (anyTier || tiers.Contains(e.Tier) || (e.PreviousTier != null && tiers.Contains(e.PreviousTier)));
    }

    /// <summary>
    /// What an event that <see cref="CoversEvent"/> means to this client: a new tier that it is not given takes the report
    /// out of its sight. A new tier that it is given may be the first that it hears of the report.
    /// </summary>
    public PoliceEventType TypeFor(PoliceEvent published) =>
        CoversTier(published.Tier) ? published.Type : PoliceEventType.WithdrawnFromPolice;

    private bool CoversTier(Tier? tier) => Tiers.Count == 0 || (tier is { } given && Tiers.Contains(given));
}
