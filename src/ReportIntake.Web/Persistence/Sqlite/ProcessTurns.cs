using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>
/// Turns between processes that write to one file: SQLite itself lets whoever waits look again after pauses of up to 100 ms, and
/// where another process writes without a break, none of these looks finds it free for seconds. Of two locks beside the
/// database one is the turn and the other the place behind it: who has had a turn cannot take the next one before whoever has that place.
/// </summary>
/// <remarks>The kernel gives the locks of a process back when it dies. On Linux only; elsewhere SQLite's own lock decides.</remarks>
internal sealed class ProcessTurns(string database) : IDisposable
{
    private const int ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000, OwnerOnly = 0x180;
    private const int Exclusive = 2, NonBlocking = 4, Unlock = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lazy<SafeFileHandle?> turn = new(() => OpenFile(database + "-turn")), place = new(() => OpenFile(database + "-next"));

    /// <summary>One caller of this process at a time. After <paramref name="atMost"/> it goes on without a turn.</summary>
    public async Task TakeAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!Has(place) && Stopwatch.GetElapsedTime(start) < atMost)
        {
            await Task.Delay(Pause, cancellationToken);
        }

        try
        {
            while (!Has(turn) && Stopwatch.GetElapsedTime(start) < atMost)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
        finally
        {
            Free(place);
        }
    }

    /// <inheritdoc cref="TakeAsync"/>
    public void Take(TimeSpan atMost)
    {
        var start = Stopwatch.GetTimestamp();
        while (!Has(place) && Stopwatch.GetElapsedTime(start) < atMost)
        {
            Thread.Sleep(Pause);
        }

        while (!Has(turn) && Stopwatch.GetElapsedTime(start) < atMost)
        {
            Thread.Sleep(Pause);
        }

        Free(place);
    }

    public void GiveBack() => Free(turn);

    public void Dispose()
    {
        foreach (var opened in new[] { turn, place }.Where(f => f.IsValueCreated))
        {
            opened.Value?.Dispose();
        }
    }

    private static bool Has(Lazy<SafeFileHandle?> file) => file.Value is not { } handle || Lock(handle, Exclusive | NonBlocking) == 0;

    private static void Free(Lazy<SafeFileHandle?> file)
    {
        if (file.Value is { } handle)
        {
            _ = Lock(handle, Unlock);
        }
    }

    /// <summary>Not by .NET, which locks each file that it opens in its own way. Null where it cannot be made.</summary>
    private static SafeFileHandle? OpenFile(string path)
    {
        var descriptor = OperatingSystem.IsLinux() ? Open([.. Encoding.UTF8.GetBytes(path), 0], ReadWrite | Create | CloseOnExec, OwnerOnly) : -1;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "flock")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Lock(SafeFileHandle file, int operation);
}
