using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>One process of the service, with what all its lives together have used: it may be killed and started again.</summary>
internal sealed class LoadNode(string name, string directory, IReadOnlyDictionary<string, string> settings, int port) : IAsyncDisposable
{
    private readonly LoadGroup group = new();
    private ProgramProcess? program;
    private double before, now, unseen;

    public string Name => name;

    public int Port => port;

    public bool IsRunning => program is not null;

    /// <summary>MB, the most that one of its lives had resident.</summary>
    public double PeakMegabytes { get; private set; }

    /// <summary>Processor seconds of the program itself.</summary>
    public double Processor => before + now;

    /// <summary>Processor seconds of its sandboxes; 0 where that cannot be known.</summary>
    public double Sandboxes => Math.Max(0, (group.Seconds ?? 0) - Processor + unseen);

    public async Task StartAsync()
    {
        program = await ProgramProcess.StartAsync(directory, settings, port: port);
        group.Add(program.Id);
        unseen += ProcessFigures.ProcessorSeconds(program.Id); // what it spent before it was in the group
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Look();
        await program!.DisposeAsync();
        program = null;
        before = Processor;
        now = 0;
    }

    /// <summary>At the end of this process, when nobody waits any more.</summary>
    public void Abandon() => program?.Abandon();

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

        group.Dispose();
    }
}
