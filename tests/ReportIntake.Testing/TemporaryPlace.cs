namespace ReportIntake.Testing;

/// <summary>
/// One directory that holds all that a test process and the programs it starts put among temporary files; gone with the
/// process. What a process left that was killed goes when the next one begins.
/// </summary>
public static class TemporaryPlace
{
    private const string Prefix = "reportintake-tests-";

    /// <summary>Held locked by the process that the directory is of; the system lets go of it however the process ends.</summary>
    private const string Lock = ".lock";

    /// <summary>To be called before anything else makes a temporary file.</summary>
    public static void Take()
    {
        RemoveAbandoned();
        var place = Directory.CreateTempSubdirectory(Prefix);
        var held = new FileStream(Path.Combine(place.FullName, Lock), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        if (!OperatingSystem.IsWindows())
        {
            // The sandbox's user must come through to what is shown to it.
            place.UnixFileMode |= UnixFileMode.OtherExecute;
        }

        // Killed programs leave the runtime's sockets and pipes in it: they are told the place as well.
        Environment.SetEnvironmentVariable("TMPDIR", place.FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            held.Dispose();
            Remove(place);
        };
    }

    private static void RemoveAbandoned()
    {
        foreach (var place in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            try
            {
                using (new FileStream(Path.Combine(place.FullName, Lock), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                continue; // its process lives, or it is another user's
            }

            Remove(place);
        }
    }

    private static void Remove(DirectoryInfo place)
    {
        try
        {
            place.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A program that was started from here still writes, or another process is at it too: the next one comes round.
        }
    }
}
