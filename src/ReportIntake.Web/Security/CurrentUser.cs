using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Outbox;

namespace ReportIntake.Web.Security;

public static class CurrentUser
{
    /// <summary>
    /// Who acts, as the ledger names them; a person with several roles acts in the highest one: supervisor, moderator,
    /// custodian, admin.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the route lacks its policy.</exception>
    public static Actor ToActor(this ClaimsPrincipal user)
    {
        if (Guid.TryParse(user.FindFirstValue(ApiKeyAuthentication.ClientClaim), out var client))
        {
            return Actor.Police(client);
        }

        var id = user.StaffId();
        return user switch
        {
            _ when user.IsInRole(StaffRoles.Supervisor) => Actor.Supervisor(id),
            _ when user.IsInRole(StaffRoles.Moderator) => Actor.Moderator(id),
            _ when user.IsInRole(StaffRoles.EvidenceCustodian) => new Actor(ActorKind.EvidenceCustodian, id),
            _ when user.IsInRole(StaffRoles.Admin) => new Actor(ActorKind.Admin, id),
            _ => throw new InvalidOperationException("The account has no role."),
        };
    }

    /// <summary>
    /// The same in the one role that the route stands for, where a person of several roles acts in that role and no
    /// other: an admin's change is an admin's, whoever else they are.
    /// </summary>
    public static Actor ToActor(this ClaimsPrincipal user, ActorKind role) => new(role, user.StaffId());

    /// <exception cref="InvalidOperationException">No member of staff is signed in.</exception>
    public static Guid StaffId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : throw new InvalidOperationException("No member of staff is signed in.");
}

/// <summary>What a police client may see: its scopes and its areas.</summary>
/// <param name="Areas">Official codes of provinces (<c>32</c>) and regencies (<c>32.74</c>), or <c>national</c>.</param>
public sealed record PoliceClientAccess(Guid ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Areas)
{
    public const string National = "national";
    private const int ProvinceLength = 2;

    /// <summary>The API key it came with; null where it was a token.</summary>
    public Guid? KeyId { get; init; }

    /// <exception cref="InvalidOperationException">The caller is no police client: the route lacks its policy.</exception>
    public static PoliceClientAccess Of(ClaimsPrincipal user) => new(
        Guid.Parse(user.FindFirstValue(ApiKeyAuthentication.ClientClaim) ?? throw new InvalidOperationException("The caller is no police client.")),
        [.. user.FindAll(ApiKeyAuthentication.ScopeClaim).Select(c => c.Value)],
        [.. user.FindAll(ApiKeyAuthentication.AreaClaim).Select(c => c.Value)])
    {
        KeyId = Guid.TryParse(user.FindFirstValue(PoliceAccess.PoliceAdmission.KeyClaim), out var key) ? key : null,
    };

    /// <summary>Lets an endpoint take it as a parameter.</summary>
    public static ValueTask<PoliceClientAccess?> BindAsync(HttpContext context) => new(Of(context.User));

    public bool IsNational => Areas.Contains(National);

    /// <summary>A province covers itself and its regencies; a report without an area is seen by <c>national</c> only.</summary>
    public bool Covers(string? areaCode) => IsNational
        || (areaCode is not null && (Areas.Contains(areaCode) || (areaCode.Length > ProvinceLength && Areas.Contains(areaCode[..ProvinceLength]))));

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

    /// <summary><see cref="Covers"/> for a query over reports.</summary>
    public Expression<Func<Report, bool>> CoversReport()
    {
        var (national, areas) = (IsNational, Areas.ToList());
        return r => national
            || (r.Incident.AreaCode != null && (areas.Contains(r.Incident.AreaCode) || areas.Contains(r.Incident.AreaCode.Substring(0, ProvinceLength))));
    }

    /// <summary><see cref="Covers"/> for a query over the feed.</summary>
    public Expression<Func<PoliceEvent, bool>> CoversEvent()
    {
        var (national, areas) = (IsNational, Areas.ToList());
        return e => national
            || (e.AreaCode != null && (areas.Contains(e.AreaCode) || areas.Contains(e.AreaCode.Substring(0, ProvinceLength))));
    }
}
