using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ReportIntake.Benchmarks;

/// <summary>What the kernel says a process has used.</summary>
internal static class ProcessFigures
{
    private const int SetChildSubreaper = 36;

    /// <summary>Seconds of processor time, user and system, all threads.</summary>
    public static double ProcessorSeconds(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Highest resident memory so far, MB (10^6 bytes): VmHWM of <c>/proc/PID/status</c>.</summary>
    public static double PeakMegabytes(int id) => Status(id, "VmHWM:");

    /// <summary>Resident memory now, MB.</summary>
    public static double ResidentMegabytes(int id) => Status(id, "VmRSS:");

    /// <summary>Seconds of processor time of the calling thread: the first figure of its <c>schedstat</c>, nanoseconds.</summary>
    public static double ThreadProcessorSeconds() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;

    /// <summary>
    /// Seconds of processor time of this process and of every process below it that has ended and been waited for: fields 14
    /// to 17 of proc(5)'s <c>stat</c>, hundredths of a second. Nothing else may have a child at the moment.
    /// </summary>
    /// <remarks>
    /// bubblewrap's own parent process ends without waiting for the first one inside, so that its processor time would be
    /// nobody's; after <see cref="AdoptOrphans"/> it is waited for here.
    /// </remarks>
    public static double OwnAndChildrensProcessorSeconds()
    {
        while (Wait(-1, IntPtr.Zero, 0) > 0)
        {
        }

        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the first of them is field 3
        return fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>Makes this process the parent of what its children leave behind; see prctl(2), <c>PR_SET_CHILD_SUBREAPER</c>.</summary>
    public static void AdoptOrphans()
    {
        if (ProcessControl(SetChildSubreaper, 1, 0, 0, 0) != 0)
        {
            throw new InvalidOperationException("Orphans could not be adopted.");
        }
    }

    private static double Status(int id, string field)
    {
        var line = File.ReadLines($"/proc/{id}/status").Single(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ProcessControl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [DllImport("libc", EntryPoint = "waitpid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Wait(int process, IntPtr status, int options);
}
