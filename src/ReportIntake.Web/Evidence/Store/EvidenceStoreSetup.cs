using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Store.S3;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Evidence.Store;

public static class EvidenceStoreSetup
{
    /// <summary>The evidence store, in the data directory or in a bucket of S3. Its keys are wrapped under Data Protection's key ring, wherever that is kept.</summary>
    public static IServiceCollection AddEvidenceStore(this IServiceCollection services)
    {
        services.AddOptions<EvidenceOptions>().BindConfiguration(EvidenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddKeyRing();
        services.AddSingleton<IKeyWrapper, DataProtectionKeyWrapper>();
        services.AddOptions<S3Options>().BindConfiguration(S3Options.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<S3Options>, S3OptionsValidator>();
        services.AddSingleton<IEvidenceStore>(provider => provider.GetRequiredService<IOptions<EvidenceOptions>>().Value.Store switch
        {
            EvidenceStoreKind.S3 => new S3EvidenceStore(provider.GetRequiredService<IOptions<S3Options>>().Value, provider.GetRequiredService<IKeyWrapper>()),
            _ => new DiskEvidenceStore(
                provider.GetRequiredService<IOptions<DataDirectoryOptions>>().Value.PathOf("evidence"), provider.GetRequiredService<IKeyWrapper>()),
        });
        return services;
    }
}
