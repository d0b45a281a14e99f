using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
/// database, then opens nothing. What was made before either was set is brought over by the verbs <c>keys protect</c> and <c>keys import</c>.
/// </summary>
public sealed class KeyRingOptions
{
    public KeyRingStore Store { get; set; } = KeyRingStore.Directory;

    /// <summary>Path of a PKCS #12 file (<c>.pfx</c>) with an RSA certificate and its private key, kept outside of the data directory. Without one the keys are guarded by file permissions alone.</summary>
    public string? Certificate { get; set; }

    /// <summary>Path of a file whose first line is the password of the certificate's file. None: it has no password.</summary>
    public string? CertificatePasswordFile { get; set; }

    /// <summary>What the certificate replaced: they open keys that are still encrypted to them, and nothing new is.</summary>
    public IList<PreviousCertificate> PreviousCertificates { get; } = [];
}

/// <summary>A certificate that was <see cref="KeyRingOptions.Certificate"/> once; its file and password as there.</summary>
public sealed class PreviousCertificate
{
    public string? File { get; set; }

    public string? PasswordFile { get; set; }
}

public static class KeyRing
{
    /// <summary>The ring's folder in the data directory, where <see cref="KeyRingStore.Directory"/> is chosen.</summary>
    public const string Folder = "keys";

    /// <summary>Where the framework says that no encryptor is configured; <see cref="SecretsAtStart"/> says it in our words.</summary>
    private const string Category = "Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager";

    /// <summary>
    /// The Data Protection key ring where <see cref="KeyRingOptions.Store"/> says; a directory is readable by this account alone.
    /// Old keys must stay: sealed identities and secrets are opened with them years later.
    /// </summary>
    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("ReportIntake");
        services.TryAddSingleton<KeyRingCertificates>();
        services.TryAddSingleton<KeyProtection>();
        services.TryAddSingleton<IKeyRingPlace>(provider => provider.GetRequiredService<IOptions<KeyRingOptions>>().Value.Store is KeyRingStore.Database
            ? new KeyRingRows(provider.GetRequiredService<NewConnection>())
            : new KeyRingFiles(provider.GetRequiredService<IOptions<DataDirectoryOptions>>().Value.PathOf(Folder)));
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((options, provider) => options.XmlRepository =
            new OpenableKeys(provider.GetRequiredService<IKeyRingPlace>(), provider.GetRequiredService<KeyRingCertificates>()));
        return services;
    }

    /// <summary>What is wrong with the ring, before anything is served: a key that no certificate opens. Null also where the database is away, which <c>/health/ready</c> tells.</summary>
    public static string? KeyRingMistake(this IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository!.GetAllElements();
            return null;
        }
        catch (CryptographicException closed)
        {
            return closed.Message;
        }
        catch (DbException)
        {
            return null;
        }
    }

    /// <summary>Encrypts new keys to the certificate of <see cref="KeyRingOptions"/>, where there is one.</summary>
    /// <remarks>One that cannot be used fails the start: the service must not make unprotected keys instead.</remarks>
    public static IServiceCollection AddKeyRingCertificate(this IServiceCollection services, IConfiguration configuration)
    {
        var checks = services.AddOptions<KeyRingOptions>().BindConfiguration("KeyRing")
            .Validate(
                o => o.Store is not KeyRingStore.Database || !string.IsNullOrWhiteSpace(o.Certificate),
                "KeyRing:Store is Database, but KeyRing:Certificate is not set: whoever copied the database could read all of it.")
            .Validate(
                o => o.PreviousCertificates.Count == 0 || !string.IsNullOrWhiteSpace(o.Certificate),
                "KeyRing:PreviousCertificates is set, but KeyRing:Certificate is not.")
            .ValidateOnStart();
        services.AddLogging(logging => logging.AddFilter(Category, LogLevel.Error));
        try
        {
            var certificates = KeyRingCertificates.Load(configuration.GetSection("KeyRing").Get<KeyRingOptions>() ?? new KeyRingOptions());
            services.AddSingleton(certificates);
            if (certificates.Current is { } current)
            {
                services.AddDataProtection().ProtectKeysWithCertificate(current).UnprotectKeysWithAnyCertificate([.. certificates.Previous]);
            }
        }
        catch (InvalidOperationException unusable)
        {
            checks.Validate(_ => false, unusable.Message);
        }

        return services;
    }
}
