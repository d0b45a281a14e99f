using System.Security.Cryptography;

namespace ReportIntake.Web.Security;

/// <summary>
/// The product's signature: ECDSA P-256 with SHA-256, DER encoded, so that <c>openssl dgst -sha256 -verify</c> checks it
/// with nothing of this product at hand.
/// </summary>
public sealed class SigningKey
{
    private readonly byte[] pkcs8;

    private SigningKey(byte[] pkcs8)
    {
        this.pkcs8 = pkcs8;
        using var key = Open();
        PublicKeyPem = key.ExportSubjectPublicKeyInfoPem();
        KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Lower-case hex SHA-256 of the public key's SubjectPublicKeyInfo.</summary>
    public string KeyId { get; }

    /// <summary>The public key as SubjectPublicKeyInfo PEM.</summary>
    public string PublicKeyPem { get; }

    public byte[] Sign(byte[] data)
    {
        // A key of its own for each signature: ECDsa promises nothing to several threads.
        using var key = Open();
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>False for a wrong signature and for anything malformed, the key included.</summary>
    public static bool Verify(string publicKeyPem, byte[] data, byte[] signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(publicKeyPem);
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception malformed) when (malformed is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    internal static SigningKey New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKey(key.ExportPkcs8PrivateKey());
    }

    internal static SigningKey FromPkcs8(byte[] pkcs8) => new(pkcs8);

    internal byte[] ToPkcs8() => pkcs8;

    private ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }
}
