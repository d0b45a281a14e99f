using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>One process of the service, with what all its lives together have used: it may be killed and started again.</summary>
internal sealed class LoadNode(string name, string directory, IReadOnlyDictionary<string, string> settings, int port) : IAsyncDisposable
{
    private ProgramProcess? program;
    private double before, now;

    public string Name => name;

    public int Port => port;

    public bool IsRunning => program is not null;

    /// <summary>MB, the most that one of its lives had resident.</summary>
    public double PeakMegabytes { get; private set; }

    /// <summary>Processor seconds of the program itself. Its sandboxes' are not to be had: bubblewrap ends without waiting for what it started.</summary>
    public double Processor => before + now;

    public async Task StartAsync() => program = await ProgramProcess.StartAsync(directory, settings, port: port);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Look();
        await program!.DisposeAsync();
        program = null;
        before = Processor;
        now = 0;
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

            now = ProcessFigures.ProcessorSeconds(running.Id);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or ArgumentException)
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
