using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Security;

public static class KeyRing
{
    /// <summary>Data Protection with its key ring in the data directory, in <c>keys</c>. May be asked for by several.</summary>
    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        // The name keeps the key ring readable when the program is installed in another directory.
        services.AddDataProtection().SetApplicationName("ReportIntake");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<DataDirectoryOptions>, ILoggerFactory>((keys, data, logging) =>
            keys.XmlRepository ??= new FileSystemXmlRepository(new DirectoryInfo(data.Value.PathOf("keys")), logging));
        return services;
    }
}
