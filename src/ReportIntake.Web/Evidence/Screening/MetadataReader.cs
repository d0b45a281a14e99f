using System.Runtime.InteropServices;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// Where the program that reads photos' metadata and the .NET runtime that it needs are on this machine, and how they appear
/// in the sandbox. Metadata is parsed there and not here: the parser is managed code, but a file made for it can exhaust its
/// stack, and that ends a process whatever it catches. Of the service's own folder nothing else is shown to it.
/// </summary>
internal sealed class MetadataReader
{
    internal const string MissingText =
        "Metadata sheets cannot be made: the folder metadata-reader beside the program, or .NET itself, is missing or hidden from the user that screening runs as.";

    /// <summary>Runs it as long as a person would wait; a photo is screened without a sheet rather than not at all.</summary>
    private const string Command = "timeout -k 1 20 /dotnet/dotnet /reader/ReportIntake.MetadataReader.dll";

    private MetadataReader(string folder, string dotnet) => Paths =
    [
        (folder, "/reader"),
        (Path.Combine(dotnet, "dotnet"), "/dotnet/dotnet"),
        (Path.Combine(dotnet, "host"), "/dotnet/host"),
        (Path.Combine(dotnet, "shared", "Microsoft.NETCore.App"), "/dotnet/shared/Microsoft.NETCore.App"),
    ];

    /// <summary>Null where it cannot be run here.</summary>
    internal static MetadataReader? Installed { get; } = Find();

    /// <summary>
    /// The runtime's own settings: what it would reserve or create does not fit into the sandbox's limits, or is of no use to
    /// a program that lives for a tenth of a second.
    /// </summary>
    internal static Dictionary<string, string> Environment { get; } = new()
    {
        ["READER"] = Command,
        ["DOTNET_GCHeapHardLimit"] = "0x10000000",
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
    };

    internal IReadOnlyList<(string From, string To)> Paths { get; }

    private static MetadataReader? Find()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "metadata-reader");
        // …/shared/Microsoft.NETCore.App/10.0.0/
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        if (!File.Exists(Path.Combine(folder, "ReportIntake.MetadataReader.dll")) || !File.Exists(Path.Combine(dotnet, "dotnet")) || !IsOpen(Path.Combine(dotnet, "host")))
        {
            return null;
        }

        return new MetadataReader(IsOpen(folder) ? folder : Copied(folder), dotnet);
    }

    /// <summary>
    /// Whether the user that root screens as can reach a folder. An ordinary user screens as itself and has just started the
    /// program from there.
    /// </summary>
    private static bool IsOpen(string folder)
    {
        if (!System.Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return true;
        }

        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (!at.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The reader's files (code of ours and of two libraries, a megabyte) where everybody may read them.</summary>
    private static string Copied(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("reportintake-reader-");
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        }

        if (!OperatingSystem.IsWindows())
        {
            copy.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => copy.Delete(recursive: true);
        return copy.FullName;
    }
}
