using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>
/// The codes of authenticator apps (RFC 6238: HMAC-SHA1, half a minute, six figures), each good for one use. Identity's
/// own check does not say of which half minute a code is, so a code that was looked over a shoulder would count again.
/// </summary>
public sealed class AuthenticatorCodes(UserManager<StaffMember> accounts, ReportIntakeDbContext database, TimeProvider clock)
{
    public const int Length = 6;
    private const int SecondsPerStep = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Whether the code is right now, half a minute early or late, and was not used before; it is used up then.</summary>
    public async Task<bool> UseAsync(StaffMember member, string code)
    {
        if (code.Length != Length || await accounts.GetAuthenticatorKeyAsync(member) is not { } key)
        {
            return false;
        }

        var secret = Decode(key);
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / SecondsPerStep;
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(secret, step)), Encoding.UTF8.GetBytes(code)))
            {
                return await UseUpAsync(member, step);
            }
        }

        return false;
    }

    /// <summary>One conditional update: of two sign-ins with one code, one gets in.</summary>
    private async Task<bool> UseUpAsync(StaffMember member, long step)
    {
        // The stamp too: Identity writes whole rows, and one that was read before must not bring the old step back.
        var stamp = Guid.NewGuid().ToString();
        var used = await database.Users.Where(u => u.Id == member.Id && (u.LastCodeStep == null || u.LastCodeStep < step))
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LastCodeStep, step).SetProperty(x => x.ConcurrencyStamp, stamp));
        if (used == 1)
        {
            await database.Entry(member).ReloadAsync();
        }

        return used == 1;
    }

    private static string CodeOf(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)], hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // what authenticator apps compute; an HMAC does not need collision resistance
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (bits, held, at) = (0, 0, 0);
        foreach (var letter in key)
        {
            (bits, held) = (((bits << 5) | Base32.IndexOf(letter, StringComparison.Ordinal)) & 0xffff, held + 5);
            if (held >= 8)
            {
                bytes[at++] = (byte)(bits >> (held -= 8));
            }
        }

        return bytes;
    }
}
