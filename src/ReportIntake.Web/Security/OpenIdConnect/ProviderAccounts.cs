using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security.OpenIdConnect;

/// <summary>Whose account it is that the provider signed in. It makes none: who works here, and as what, an admin says.</summary>
public sealed class ProviderAccounts(UserManager<StaffMember> accounts)
{
    /// <summary>
    /// The account that is bound to the provider's name for the person; or, the first time, the one with the address that the
    /// provider vouches for, which is bound then: an address may later be somebody else's, the provider's name may not.
    /// </summary>
    public async Task<StaffMember?> FindAsync(ProviderPerson person)
    {
        if (await accounts.FindByLoginAsync(person.Issuer, person.Subject) is { } bound)
        {
            return bound.DeactivatedAt is null ? bound : null;
        }

        if (person.VerifiedEmail is not { } email
            || await accounts.FindByEmailAsync(email) is not { DeactivatedAt: null } member
            || (await accounts.GetLoginsAsync(member)).Any(l => l.LoginProvider == person.Issuer))
        {
            return null;
        }

        return (await accounts.AddLoginAsync(member, new UserLoginInfo(person.Issuer, person.Subject, null))).Succeeded ? member : null;
    }
}
