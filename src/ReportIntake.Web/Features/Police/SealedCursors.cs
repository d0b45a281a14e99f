using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Police;

/// <summary>
/// Cursors that only the client they were given to can use, and only with the query they were given for: both are purposes
/// of the protection, so that another's cursor is simply not one. A cursor stays good as long as the key ring is kept.
/// </summary>
public sealed class SealedCursors(IDataProtectionProvider protection)
{
    public static readonly Error Invalid = new("cursor_invalid", ErrorKind.Invalid,
        "The cursor is not one that was given to this client for this query. Start again without it.");

    /// <param name="query">What the cursor belongs to: a list with its filter, or the feed.</param>
    /// <param name="place">Where to go on.</param>
    public string Seal(Guid clientId, string query, string place) => Protector(clientId, query).Protect(place);

    /// <summary>The place that <see cref="Seal"/> was given, or <see cref="Invalid"/>.</summary>
    public Result<string> Open(Guid clientId, string query, string cursor)
    {
        try
        {
            return Protector(clientId, query).Unprotect(cursor);
        }
        catch (CryptographicException)
        {
            return Invalid;
        }
    }

    private IDataProtector Protector(Guid clientId, string query) =>
        protection.CreateProtector("police-cursor", clientId.ToString("n"), query);
}
