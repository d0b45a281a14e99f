using Microsoft.AspNetCore.DataProtection;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>Seals the random key of each blob under a key that lives elsewhere: a key ring, or a key service.</summary>
public interface IKeyWrapper
{
    /// <summary>At most <see cref="SealedBlobFormat.MaxWrappedKeySize"/> bytes.</summary>
    byte[] Wrap(byte[] key);

    /// <exception cref="System.Security.Cryptography.CryptographicException">Changed, or sealed under an unknown key.</exception>
    byte[] Unwrap(byte[] wrapped);
}

/// <summary>
/// Wraps with ASP.NET Core's Data Protection. Its keys expire for new blobs (90 days) and go on opening old ones,
/// so a key ring must be kept, and backed up, for as long as the evidence.
/// </summary>
internal sealed class DataProtectionKeyWrapper(IDataProtectionProvider provider) : IKeyWrapper
{
    private readonly IDataProtector protector = provider.CreateProtector("ReportIntake.Evidence.BlobKey.v1");

    public byte[] Wrap(byte[] key) => protector.Protect(key);

    public byte[] Unwrap(byte[] wrapped) => protector.Unprotect(wrapped);
}
