using System.Globalization;

namespace ReportIntake.Benchmarks;

/// <summary>
/// A control group for one process and all that it starts: the only place where the kernel adds up what its sandboxes use,
/// because bubblewrap ends without waiting for them. Needs root; without it there is no such figure.
/// </summary>
internal sealed class LoadGroup : IDisposable
{
    private const string First = "/sys/fs/cgroup/cpuacct", Second = "/sys/fs/cgroup";

    private readonly string? directory;

    public LoadGroup()
    {
        var root = Directory.Exists(First) ? First : File.Exists(Path.Combine(Second, "cgroup.controllers")) ? Second : null;
        try
        {
            directory = root is null ? null : Directory.CreateDirectory(Path.Combine(root, $"reportintake-load-{Guid.NewGuid():N}")).FullName;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Not root.
        }
    }

    /// <summary>Processor seconds of all that has been in the group; null where there is none.</summary>
    public double? Seconds
    {
        get
        {
            if (directory is null)
            {
                return null;
            }

            var nanoseconds = Path.Combine(directory, "cpuacct.usage");
            return File.Exists(nanoseconds)
                ? double.Parse(File.ReadAllText(nanoseconds), CultureInfo.InvariantCulture) / 1e9
                : double.Parse(File.ReadLines(Path.Combine(directory, "cpu.stat")).First(l => l.StartsWith("usage_usec ", StringComparison.Ordinal))["usage_usec ".Length..], CultureInfo.InvariantCulture) / 1e6;
        }
    }

    public void Add(int process)
    {
        if (directory is not null)
        {
            File.WriteAllText(Path.Combine(directory, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        try
        {
            if (directory is not null)
            {
                Directory.Delete(directory);
            }
        }
        catch (IOException)
        {
            // A sandbox is still dying; an empty group costs nothing.
        }
    }
}
