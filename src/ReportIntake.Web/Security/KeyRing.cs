using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Security;

public static class KeyRing
{
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
}
