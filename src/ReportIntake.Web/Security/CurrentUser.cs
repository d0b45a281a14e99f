using System.Security.Claims;
using ReportIntake.Domain;

namespace ReportIntake.Web.Security;

public static class CurrentUser
{
    /// <summary>
    /// Who acts, as the ledger names them; a person with several roles acts in the highest one: supervisor, moderator,
    /// custodian, admin.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in, or somebody whose role acts nowhere: the route lacks its policy.</exception>
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
            _ when user.IsInRole(StaffRoles.Moderator) || user.IsInRole(StaffRoles.ChildSafetyModerator) => Actor.Moderator(id),
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

    /// <summary>The session that the request belongs to.</summary>
    public static Guid SessionId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(StaffSession.Claim), out var id) ? id : throw new InvalidOperationException("No member of staff is signed in.");

    /// <summary>The session was opened with two factors.</summary>
    public static bool IsMultiFactor(this ClaimsPrincipal user) => user.HasClaim(Policies.AuthenticationMethodClaim, Policies.MultiFactor);

    /// <exception cref="InvalidOperationException">No member of staff is signed in.</exception>
    public static Guid StaffId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : throw new InvalidOperationException("No member of staff is signed in.");
}
