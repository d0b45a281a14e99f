using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace ReportIntake.Web.Security;

/// <summary>
/// Encrypts keys that are there already to the certificate of now: those in the clear, and those of an earlier certificate.
/// The framework does so only when it makes a key. The elements are its own: a secret in the clear is marked
/// <c>requiresEncryption</c>; an encrypted one stands in <c>encryptedSecret</c>, which names its decryptor.
/// </summary>
public sealed class KeyProtection(KeyRingCertificates certificates, IServiceProvider services, ILoggerFactory loggers)
{
    private static readonly XNamespace Framework = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XName Clear = Framework + "requiresEncryption";
    private static readonly XName Encrypted = Framework + "encryptedSecret";

    /// <returns>The element as it should be kept; null where it is as it should be.</returns>
    /// <exception cref="CryptographicException">None of the certificates opens it, or it is no key ring's.</exception>
    public XElement? Protect(XElement element)
    {
        if (element.Name.LocalName is not ("key" or "revocation"))
        {
            throw new CryptographicException($"<{element.Name.LocalName}> is no element of a key ring.");
        }

        var (kept, current) = (new XElement(element), certificates.Current ?? throw new InvalidOperationException("There is no certificate."));
        var clear = kept.Descendants().Where(e => (bool?)e.Attribute(Clear) is true).ToList();
        var closed = kept.Descendants(Encrypted).Where(e => !certificates.IsOfCurrent(e)).ToList();
        foreach (var secret in clear)
        {
            secret.ReplaceWith(Encrypt(secret, current));
        }

        foreach (var secret in closed)
        {
            secret.ReplaceWith(Encrypt(new EncryptedXmlDecryptor(services).Decrypt(secret.Elements().Single()), current));
        }

        return clear.Count + closed.Count == 0 ? null : kept;
    }

    private XElement Encrypt(XElement secret, X509Certificate2 certificate)
    {
        // The framework's warning beside it, that it is in the clear, would no longer be true.
        secret.Nodes().OfType<XComment>().Remove();
        var encrypted = new CertificateXmlEncryptor(certificate, loggers).Encrypt(secret);
        return new XElement(Encrypted, new XAttribute("decryptorType", encrypted.DecryptorType.AssemblyQualifiedName!), encrypted.EncryptedElement);
    }
}
