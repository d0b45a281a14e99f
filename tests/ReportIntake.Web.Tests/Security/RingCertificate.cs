using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ReportIntake.Web.Tests.Security;

/// <summary>Certificates for the key ring, made on the spot, and the settings that name them.</summary>
internal static class RingCertificate
{
    private const string Password = "kata-sandi-berkas";

    /// <summary>Writes a new one to the folder.</summary>
    public static Dictionary<string, string> Make(string folder, string name)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=ReportIntake key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddYears(-2), now.AddYears(-1)); // expired: what it encrypted must open all the same
        var settings = new Dictionary<string, string>
        {
            ["Database__Provider"] = "Sqlite",
            ["KeyRing__Certificate"] = Path.Combine(folder, name + ".pfx"),
            ["KeyRing__CertificatePasswordFile"] = Path.Combine(folder, name + ".password"),
        };
        File.WriteAllBytes(settings["KeyRing__Certificate"], certificate.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllText(settings["KeyRing__CertificatePasswordFile"], Password + "\n");
        return settings;
    }

    /// <summary>The settings with others beside them, or in their place.</summary>
    public static Dictionary<string, string> With(this IReadOnlyDictionary<string, string> settings, params (string Name, string Value)[] others)
    {
        var all = settings.ToDictionary();
        foreach (var (name, value) in others)
        {
            all[name] = value;
        }

        return all;
    }

    public static Dictionary<string, string> InDatabase(this IReadOnlyDictionary<string, string> settings) => settings.With(("KeyRing__Store", "Database"));

    /// <summary>The certificate of the others has been exchanged for that of these.</summary>
    public static Dictionary<string, string> After(this IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> previous) => settings.With(
        ("KeyRing__PreviousCertificates__0__File", previous["KeyRing__Certificate"]), ("KeyRing__PreviousCertificates__0__PasswordFile", previous["KeyRing__CertificatePasswordFile"]));
}
