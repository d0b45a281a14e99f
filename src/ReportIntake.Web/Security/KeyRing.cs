using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Security;

/// <summary>
/// Section <c>KeyRing</c>. With a certificate the keys in <c>DataDirectory/keys</c> are encrypted to it: a copy of the whole
/// data directory then opens nothing. Set it before the first start: keys that were made before stay as they were made.
/// </summary>
public sealed class KeyRingOptions
{
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
    /// The Data Protection key ring in <c>DataDirectory/keys</c>, readable by this account alone. Several nodes share the
    /// directory. Old keys must stay: sealed identities and secrets are opened with them years later.
    /// </summary>
    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("ReportIntake");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<DataDirectoryOptions>, ILoggerFactory>((options, data, loggers) =>
        {
            var directory = new DirectoryInfo(data.Value.PathOf("keys"));
            Directory.CreateDirectory(directory.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.XmlRepository = new FileSystemXmlRepository(directory, loggers);
        });
        return services;
    }

    /// <summary>Encrypts new keys to the certificate of <see cref="KeyRingOptions"/>, where there is one.</summary>
    /// <remarks>One that cannot be used fails the start: the service must not make unprotected keys instead.</remarks>
    public static IServiceCollection AddKeyRingCertificate(this IServiceCollection services, IConfiguration configuration)
    {
        var checks = services.AddOptions<KeyRingOptions>().BindConfiguration("KeyRing");
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
                checks.Validate(_ => false, unusable.Message).ValidateOnStart();
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
