using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Evidence.Store;

public static class EvidenceStoreSetup
{
    /// <summary>The evidence store in the data directory. Its keys are in Data Protection's key ring, in <c>keys</c> beside it.</summary>
    public static IServiceCollection AddEvidenceStore(this IServiceCollection services)
    {
        services.AddOptions<EvidenceOptions>().BindConfiguration(EvidenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        // The name keeps the key ring readable when the program is installed in another directory.
        services.AddDataProtection().SetApplicationName("ReportIntake");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<IOptions<DataDirectoryOptions>, ILoggerFactory>((keys, data, logging) =>
                keys.XmlRepository ??= new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(new DirectoryInfo(data.Value.PathOf("keys")), logging));
        services.AddSingleton<IKeyWrapper, DataProtectionKeyWrapper>();
        services.AddSingleton<IEvidenceStore>(provider => new DiskEvidenceStore(
            provider.GetRequiredService<IOptions<DataDirectoryOptions>>().Value.PathOf("evidence"),
            provider.GetRequiredService<IKeyWrapper>()));
        return services;
    }
}
