using System.Diagnostics;
using System.Globalization;

namespace ReportIntake.Benchmarks;

/// <summary>What the kernel says a process has used.</summary>
internal static class ProcessFigures
{
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

    private static double Status(int id, string field)
    {
        var line = File.ReadLines($"/proc/{id}/status").Single(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
