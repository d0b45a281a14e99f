using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

public enum KeyRingStore
{
    /// <summary><c>DataDirectory/keys</c>, which several nodes must share.</summary>
    Directory,

    /// <summary>The service's own database, for nodes that share nothing else. Needs a certificate: the keys lie beside what they open.</summary>
    Database,
}

/// <summary>
/// Section <c>KeyRing</c>. With a certificate the keys are encrypted to it: a copy of the whole data directory, or of the
/// database, then opens nothing. Set both before the first start: keys that were made before stay as and where they were made.
/// </summary>
public sealed class KeyRingOptions
{
    public KeyRingStore Store { get; set; } = KeyRingStore.Directory;

    /// <summary>Path of a PKCS #12 file (<c>.pfx</c>) with an RSA certificate and its private key, kept outside of the data directory. Without one the keys are guarded by file permissions alone.</summary>
    public string? Certificate { get; set; }

    /// <summary>Path of a file whose first line is the password of the certificate's file. None: it has no password.</summary>
    public string? CertificatePasswordFile { get; set; }
}

public static class KeyRing
{
    /// <summary>Where the framework says that no encryptor is configured; <see cref="SecretsAtStart"/> says it in our words.</summary>
    private const string Category = "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager";

    /// <summary>
    /// The Data Protection key ring where <see cref="KeyRingOptions.Store"/> says; a directory is readable by this account alone.
    /// Old keys must stay: sealed identities and secrets are opened with them years later.
    /// </summary>
    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("ReportIntake");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((options, provider) => options.XmlRepository =
            provider.GetRequiredService<IOptions<KeyRingOptions>>().Value.Store is KeyRingStore.Database
                ? new KeyRingRows(provider.GetRequiredService<NewConnection>())
                : OfDirectory(provider));
        return services;
    }

    private static FileSystemXmlRepository OfDirectory(IServiceProvider provider)
    {
        var directory = new DirectoryInfo(provider.GetRequiredService<IOptions<DataDirectoryOptions>>().Value.PathOf("keys"));
        Directory.CreateDirectory(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new FileSystemXmlRepository(directory, provider.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>Encrypts new keys to the certificate of <see cref="KeyRingOptions"/>, where there is one.</summary>
    /// <remarks>One that cannot be used fails the start: the service must not make unprotected keys instead.</remarks>
    public static IServiceCollection AddKeyRingCertificate(this IServiceCollection services, IConfiguration configuration)
    {
        var checks = services.AddOptions<KeyRingOptions>().BindConfiguration("KeyRing")
            .Validate(
                o => o.Store is not KeyRingStore.Database || !string.IsNullOrWhiteSpace(o.Certificate),
                "KeyRing:Store is Database, but KeyRing:Certificate is not set: whoever copied the database could read all of it.")
            .ValidateOnStart();
        services.AddLogging(logging => logging.AddFilter(Category, LogLevel.Error));
        var options = configuration.GetSection("KeyRing").Get<KeyRingOptions>();
        if (!string.IsNullOrWhiteSpace(options?.Certificate))
        {
            try
            {
                services.AddDataProtection().ProtectKeysWithCertificate(Load(options.Certificate, options.CertificatePasswordFile));
            }
            catch (InvalidOperationException unusable)
            {
                checks.Validate(_ => false, unusable.Message);
            }
        }

        return services;
    }

    private static X509Certificate2 Load(string path, string? passwordFile)
    {
        try
        {
            var password = string.IsNullOrWhiteSpace(passwordFile) ? null : File.ReadLines(passwordFile).FirstOrDefault();
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            return certificate.HasPrivateKey && certificate.PublicKey.GetRSAPublicKey() is not null
                ? certificate
                : throw new InvalidOperationException("KeyRing:Certificate has no RSA key with its private half.");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException($"KeyRing:Certificate cannot be opened: {unusable.Message}", unusable);
        }
    }
}
