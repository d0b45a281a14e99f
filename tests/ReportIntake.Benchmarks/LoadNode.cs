using System.Globalization;
using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>One process of the service, with what all its lives together have used: it may be killed and started again.</summary>
internal sealed class LoadNode(string name, string directory, IReadOnlyDictionary<string, string> settings, int port) : IAsyncDisposable
{
    /// <summary>What Linux counts processor time in, on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private ProgramProcess? program;
    private (double Own, double Children) before, now;

    public string Name => name;

    public int Port => port;

    public bool IsRunning => program is not null;

    /// <summary>MB, the most that one of its lives had resident.</summary>
    public double PeakMegabytes { get; private set; }

    /// <summary>Processor seconds of the program itself.</summary>
    public double Own => before.Own + now.Own;

    /// <summary>Processor seconds of the sandboxes that it has waited for.</summary>
    public double Children => before.Children + now.Children;

    public async Task StartAsync() => program = await ProgramProcess.StartAsync(directory, settings, port: port);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Look();
        await program!.DisposeAsync();
        program = null;
        before = (Own, Children);
        now = default;
    }

    public void Look()
    {
        if (program is not { } running)
        {
            return;
        }

        try
        {
            PeakMegabytes = Math.Max(PeakMegabytes, ProcessFigures.PeakMegabytes(running.Id));

            // proc(5): utime, stime, cutime and cstime are fields 14 to 17; the second one is in parentheses and may have spaces.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{running.Id}/stat"));
            var ticks = stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(4).Select(f => double.Parse(f, CultureInfo.InvariantCulture) / TicksPerSecond).ToArray();
            now = (ticks[0] + ticks[1], ticks[2] + ticks[3]);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // Between its end and the notice of it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (program is not null)
        {
            await program.DisposeAsync();
        }
    }
}
