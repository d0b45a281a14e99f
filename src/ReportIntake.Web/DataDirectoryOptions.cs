namespace ReportIntake.Web;

/// <summary>Section <c>ReportIntake</c>: where the embedded default keeps everything (database, evidence, keys).</summary>
public sealed class DataDirectoryOptions
{
    /// <summary>Absolute, or relative to the working directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Files in which single settings stand, such as passwords: see <see cref="Settings.SecretFiles"/>.</summary>
    public string? SecretsDirectory { get; set; }

    /// <summary>The full path of something in the data directory. The directory is made, for this account alone, when it is missing.</summary>
    public string PathOf(string name)
    {
        var directory = Path.GetFullPath(DataDirectory);
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Path.Combine(directory, name);
    }
}
