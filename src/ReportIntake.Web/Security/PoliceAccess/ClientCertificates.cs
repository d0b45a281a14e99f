using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>
/// The caller's TLS certificate as a trusted reverse proxy forwards it: <c>Client-Cert</c> (RFC 9440), its DER as a byte
/// sequence of RFC 8941. The proxy has checked that the caller holds the private key; from anybody else the header is
/// only words, and is ignored. Its issuer does not matter: a certificate is bound to a client by its thumbprint.
/// </summary>
public sealed class ClientCertificates(IOptions<PoliceAccessOptions> options, TimeProvider clock)
{
    public const string Header = "Client-Cert";

    /// <summary>Characters of a header; a chain of RSA 8192 is still far below.</summary>
    private const int MaxLength = 16 * 1024;

    /// <summary>The SHA-256 of the certificate presented, empty where it is none that counts (broken, expired, not valid yet); null where there is none.</summary>
    public byte[]? Presented(HttpContext context)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var header)
            || context.Features.Get<Peer>() is not { } peer
            || !Networks.Contain(options.Value.ClientCertificates.TrustedProxies, peer.Address))
        {
            return null;
        }

        return header.Count == 1 && Der(header[0]!) is { } der && Counts(der) ? SHA256.HashData(der) : [];
    }

    private bool Counts(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            var now = clock.GetUtcNow();
            return certificate.RawDataMemory.Length == der.Length // nothing after it that the hash would cover
                && new DateTimeOffset(certificate.NotBefore.ToUniversalTime()) <= now
                && now <= new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary><c>:base64:</c>, with parameters that nobody has defined yet allowed after it.</summary>
    private static byte[]? Der(string header)
    {
        var item = header.Split(';', 2)[0].Trim(' ');
        if (item.Length is < 3 or > MaxLength || item[0] != ':' || item[^1] != ':')
        {
            return null;
        }

        var der = new byte[item.Length];
        return Convert.TryFromBase64String(item[1..^1], der, out var length) ? der[..length] : null;
    }
}
