using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ReportIntake.Web.Security;

/// <summary>
/// The code that lets a person into an account for the first time, or again after losing password or second factor: used
/// once, shown once to whoever invites, who hands it on; this service sends no mail. Only its hash is kept.
/// </summary>
/// <param name="Code">256 random bits in base64url. Belongs behind the <c>#</c> of a link, where no server or proxy sees it.</param>
public sealed record Invitation(string Code, DateTimeOffset ExpiresAt)
{
    public const int MaxLength = 100;
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    /// <summary>A new code for this account; an older one counts no more. The account must be saved.</summary>
    public static Invitation For(StaffMember member, DateTimeOffset now)
    {
        var invitation = new Invitation(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), now + Lifetime);
        (member.InvitationHash, member.InvitedUntil) = (Hash(invitation.Code), invitation.ExpiresAt);
        return invitation;
    }

    /// <summary>32 bytes.</summary>
    public static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));
}
