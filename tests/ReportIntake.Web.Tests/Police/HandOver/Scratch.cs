namespace ReportIntake.Web.Tests.Police.HandOver;

/// <summary>A folder for what the script is run on.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("reportintake-scratch-");

    /// <returns>The file's path.</returns>
    public string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => folder.Delete(recursive: true);
}
