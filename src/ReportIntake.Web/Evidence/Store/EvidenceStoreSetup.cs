using Microsoft.Extensions.Options;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Evidence.Store;

public static class EvidenceStoreSetup
{
    /// <summary>The evidence store in the data directory. Its keys are in Data Protection's key ring, in <c>keys</c> beside it.</summary>
    public static IServiceCollection AddEvidenceStore(this IServiceCollection services)
    {
        services.AddOptions<EvidenceOptions>().BindConfiguration(EvidenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddKeyRing();
        services.AddSingleton<IKeyWrapper, DataProtectionKeyWrapper>();
        services.AddSingleton<IEvidenceStore>(provider => new DiskEvidenceStore(
            provider.GetRequiredService<IOptions<DataDirectoryOptions>>().Value.PathOf("evidence"),
            provider.GetRequiredService<IKeyWrapper>()));
        return services;
    }
}
