using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;

namespace ReportIntake.Web.Security;

/// <summary>The certificates that open the key ring, and the one that new keys are encrypted to.</summary>
public sealed class KeyRingCertificates
{
    private static readonly XName Recipient = XName.Get("X509Certificate", "http://www.w3.org/2000/09/xmldsig#");

    /// <summary>Null where the keys lie in the clear.</summary>
    public X509Certificate2? Current { get; private init; }

    public IReadOnlyList<X509Certificate2> Previous { get; private init; } = [];

    /// <exception cref="InvalidOperationException">One of them cannot be used; the message names the setting.</exception>
    public static KeyRingCertificates Load(KeyRingOptions options) => new()
    {
        Current = string.IsNullOrWhiteSpace(options.Certificate) ? null : Load("KeyRing:Certificate", options.Certificate, options.CertificatePasswordFile),
        Previous = [.. options.PreviousCertificates.Select((p, i) => Load($"KeyRing:PreviousCertificates:{i}:File", p.File ?? "", p.PasswordFile))],
    };

    /// <summary>Whether every secret in the element is encrypted to one of these, or is in the clear.</summary>
    public bool Open(XElement element) => element.Descendants(Recipient).All(r => IsOf(r, Current) || Previous.Any(p => IsOf(r, p)));

    /// <summary>Whether it is encrypted to <see cref="Current"/> and to nothing else.</summary>
    public bool IsOfCurrent(XElement encrypted) => encrypted.Descendants(Recipient).ToList() is { Count: > 0 } recipients && recipients.TrueForAll(r => IsOf(r, Current));

    private static bool IsOf(XElement recipient, X509Certificate2? certificate) =>
        certificate is not null && Convert.FromBase64String(recipient.Value).AsSpan().SequenceEqual(certificate.RawData);

    private static X509Certificate2 Load(string setting, string path, string? passwordFile)
    {
        try
        {
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"there is no file '{path}'.");
            }

            var password = string.IsNullOrWhiteSpace(passwordFile) ? null : File.ReadLines(passwordFile).FirstOrDefault();
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            return certificate.HasPrivateKey && certificate.PublicKey.GetRSAPublicKey() is not null
                ? certificate
                : throw new InvalidOperationException($"{setting} has no RSA key with its private half.");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException($"{setting} cannot be opened: {unusable.Message}", unusable);
        }
    }
}
