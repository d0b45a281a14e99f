using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
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

    /// <param name="query">What the cursor belongs to: a list's filter, or the feed.</param>
    /// <param name="place">The numbers that say where to go on.</param>
    public string Seal(Guid clientId, string query, params ReadOnlySpan<long> place)
    {
        var bytes = new byte[place.Length * sizeof(long)];
        for (var i = 0; i < place.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * sizeof(long)), place[i]);
        }

        return WebEncoders.Base64UrlEncode(Protector(clientId, query).Protect(bytes));
    }

    /// <summary>The numbers that <see cref="Seal"/> was given, or <see cref="Invalid"/>.</summary>
    public Result<long[]> Open(Guid clientId, string query, string cursor)
    {
        try
        {
            var bytes = Protector(clientId, query).Unprotect(WebEncoders.Base64UrlDecode(cursor));
            var place = new long[bytes.Length / sizeof(long)];
            for (var i = 0; i < place.Length; i++)
            {
                place[i] = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i * sizeof(long)));
            }

            return place;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return Invalid;
        }
    }

    private IDataProtector Protector(Guid clientId, string query) =>
        protection.CreateProtector("police-cursor", clientId.ToString("n"), query);
}
