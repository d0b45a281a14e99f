namespace ReportIntake.Web.Settings;

/// <summary>
/// Settings as files, as containers and systemd hand secrets over: of <c>ReportIntake:SecretsDirectory</c> each file is one
/// setting, named as its environment variable would be (<c>ConnectionStrings__ReportIntake</c>). They never stand in the
/// environment, which child processes inherit and dumps show.
/// </summary>
public static class SecretFiles
{
    /// <summary>Files win over everything that was added before. A directory that is missing has none.</summary>
    public static void AddSecretFiles(this IConfigurationManager configuration)
    {
        if (configuration["ReportIntake:SecretsDirectory"] is { Length: > 0 } directory)
        {
            configuration.AddKeyPerFile(Path.GetFullPath(directory), optional: true);
        }
    }
}
