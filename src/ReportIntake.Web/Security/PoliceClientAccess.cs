using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Persistence;
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

    /// <summary>The API key it came with; null where it was a token.</summary>
    public Guid? KeyId { get; init; }

    /// <exception cref="InvalidOperationException">The caller is no police client: the route lacks its policy.</exception>
    public static PoliceClientAccess Of(ClaimsPrincipal user) => new(
        Guid.Parse(user.FindFirstValue(ApiKeyAuthentication.ClientClaim) ?? throw new InvalidOperationException("The caller is no police client.")),
        [.. user.FindAll(ApiKeyAuthentication.ScopeClaim).Select(c => c.Value)],
        [.. user.FindAll(ApiKeyAuthentication.AreaClaim).Select(c => c.Value)])
    {
        Categories = [.. user.FindAll(ApiKeyAuthentication.CategoryClaim).Select(c => c.Value)],
        Tiers = [.. user.FindAll(ApiKeyAuthentication.TierClaim).Select(c => EnumNames.Parse<Tier>(c.Value))],
        KeyId = Guid.TryParse(user.FindFirstValue(PoliceAccess.PoliceAdmission.KeyClaim), out var key) ? key : null,
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

    /// <summary>The areas that two lists both cover: of a province and one of its regencies, the regency.</summary>
    public static IReadOnlyList<string> Common(IReadOnlyList<string> some, IReadOnlyList<string> others)
    {
        return [.. WithinOf(some, others).Concat(WithinOf(others, some)).Distinct()];

        static IEnumerable<string> WithinOf(IReadOnlyList<string> outer, IReadOnlyList<string> inner)
        {
            var access = new PoliceClientAccess(Guid.Empty, [], outer);
            return inner.Where(area => access.Covers(area));
        }
    }

    /// <summary>
    /// Whether the credentials still count, for requests that last: a client or key that is revoked, or a key that expires,
    /// meanwhile.
    /// </summary>
    public Task<bool> StillCountsAsync(ReportIntakeDbContext database, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.PoliceClients.AnyAsync(
            c => c.Id == ClientId && c.RevokedAt == null
                && (KeyId == null || c.Keys.Any(k => k.Id == KeyId && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now))),
            cancellationToken);

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

    /// <summary><see cref="CoversEvent"/> for one event.</summary>
    public bool Covers(PoliceEvent published) => Covers(published.AreaCode)
        && (Categories.Count == 0 || Categories.Contains(published.Category))
        && (CoversTier(published.Tier) || (published.PreviousTier is { } previous && CoversTier(previous)));

    /// <summary>
    /// What an event that <see cref="CoversEvent"/> means to this client: a new tier that it is not given takes the report
    /// out of its sight. A new tier that it is given may be the first that it hears of the report.
    /// </summary>
    public PoliceEventType TypeFor(PoliceEvent published) =>
        CoversTier(published.Tier) ? published.Type : PoliceEventType.WithdrawnFromPolice;

    private bool CoversTier(Tier? tier) => Tiers.Count == 0 || (tier is { } given && Tiers.Contains(given));
}
