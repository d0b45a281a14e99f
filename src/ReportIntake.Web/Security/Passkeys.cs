using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>
/// Passkeys (WebAuthn) by Identity's own handler: each is bound to this very site and asks for its owner's finger, face or
/// PIN, so it counts as two factors.
/// </summary>
public sealed class Passkeys(UserManager<StaffMember> accounts, SignInManager<StaffMember> signIn)
{
    public const int NameMaxLength = 60;

    /// <summary>More than anybody needs, and few enough to be listed.</summary>
    public const int MostPerPerson = 10;

    /// <param name="Id">The credential's id in base64url.</param>
    public sealed record Item(string Id, string Name, DateTimeOffset CreatedAt);

    public async Task<IReadOnlyList<Item>> ListAsync(StaffMember member) =>
        [.. (await accounts.GetPasskeysAsync(member)).OrderBy(p => p.CreatedAt).Select(p => new Item(Base64Url.EncodeToString(p.CredentialId), p.Name ?? "", p.CreatedAt))];

    /// <summary>What the browser's <c>navigator.credentials.create</c> takes, as JSON. A cookie of this answer keeps the challenge.</summary>
    public Task<string> CreationOptionsAsync(StaffMember member) => signIn.MakePasskeyCreationOptionsAsync(
        new PasskeyUserEntity { Id = member.Id.ToString(), Name = member.Email!, DisplayName = member.Email! });

    /// <summary>What <c>navigator.credentials.get</c> takes: any passkey of this site, so that no address need be told before.</summary>
    public Task<string> RequestOptionsAsync() => signIn.MakePasskeyRequestOptionsAsync(null);

    /// <param name="member">The person who is signed in.</param>
    /// <param name="credential">What the browser made of the options, as JSON.</param>
    /// <param name="name">What the person calls it.</param>
    /// <returns>False where it is not an answer to this person's options, or is one too many.</returns>
    public async Task<bool> AddAsync(StaffMember member, string credential, string name)
    {
        var attested = await TryAsync(() => signIn.PerformPasskeyAttestationAsync(credential));
        if (attested is not { Succeeded: true } || attested.UserEntity.Id != member.Id.ToString() || (await accounts.GetPasskeysAsync(member)).Count >= MostPerPerson)
        {
            return false;
        }

        attested.Passkey.Name = name;
        return (await accounts.AddOrUpdatePasskeyAsync(member, attested.Passkey)).Succeeded;
    }

    /// <summary>Whose passkey the browser answered with; null where it is nobody's who may come in. Keeps its new counter.</summary>
    public async Task<StaffMember?> SignInAsync(string credential)
    {
        var asserted = await TryAsync(() => signIn.PerformPasskeyAssertionAsync(credential));
        if (asserted is not { Succeeded: true } || asserted.User.DeactivatedAt is not null || !asserted.Passkey.IsUserVerified)
        {
            return null;
        }

        return (await accounts.AddOrUpdatePasskeyAsync(asserted.User, asserted.Passkey)).Succeeded ? asserted.User : null;
    }

    public async Task RenameAsync(StaffMember member, string id, string name)
    {
        if (await FindAsync(member, id) is { } passkey)
        {
            passkey.Name = name;
            await accounts.AddOrUpdatePasskeyAsync(member, passkey);
        }
    }

    public async Task RemoveAsync(StaffMember member, string id)
    {
        if (await FindAsync(member, id) is { } passkey)
        {
            await accounts.RemovePasskeyAsync(member, passkey.CredentialId);
        }
    }

    /// <summary>
    /// The page that asked is this site's own. Identity would compare with the request's <c>Origin</c>, which browsers send as
    /// <c>null</c> with forms, for the pages' <c>Referrer-Policy: no-referrer</c>.
    /// </summary>
    internal static bool IsOwnOrigin(PasskeyOriginValidationContext context) =>
        !context.CrossOrigin
        && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin)
        && (origin.Scheme == Uri.UriSchemeHttps || origin.IsLoopback)
        && string.Equals(origin.Authority, context.HttpContext.Request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Identity throws at what is no answer to any options, and at much that is no JSON of the right shape; both are what anybody may send.</summary>
    private static async Task<T?> TryAsync<T>(Func<Task<T>> check)
        where T : class
    {
        try
        {
            return await check();
        }
        catch (Exception exception) when (exception is PasskeyException or InvalidOperationException or JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private async Task<UserPasskeyInfo?> FindAsync(StaffMember member, string id) =>
        Base64Url.IsValid(id) ? await accounts.GetPasskeyAsync(member, Base64Url.DecodeFromChars(id)) : null;
}
