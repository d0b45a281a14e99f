using Microsoft.AspNetCore.DataProtection;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>Seals the random key of each blob under a key that lives elsewhere: a key ring, or a key service.</summary>
public interface IKeyWrapper
{
    byte[] Wrap(byte[] key);

    /// <param name="wrapped">What <see cref="Wrap"/> gave.</param>
    /// <param name="stale">It was wrapped under another key than new ones are; wrapping it again frees that key.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Changed, or sealed under an unknown key.</exception>
    byte[] Unwrap(byte[] wrapped, out bool stale);
}

/// <summary>
/// Wraps with ASP.NET Core's Data Protection. Its keys expire for new blobs (90 days) and go on opening old ones,
/// so a key ring must be kept, and backed up, for as long as anything is wrapped under it.
/// </summary>
/// <remarks>A revoked key still opens: evidence must not be lost by it. Rewrapping is what ends its use.</remarks>
internal sealed class DataProtectionKeyWrapper(IDataProtectionProvider provider) : IKeyWrapper
{
    private readonly IPersistedDataProtector protector = (IPersistedDataProtector)provider.CreateProtector("ReportIntake.Evidence.BlobKey.v1");

    public byte[] Wrap(byte[] key) => protector.Protect(key);

    public byte[] Unwrap(byte[] wrapped, out bool stale) => protector.DangerousUnprotect(wrapped, ignoreRevocationErrors: true, out stale, out _);
}
