using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>What one run may use.</summary>
/// <param name="Time">Wall clock; everything is killed afterwards.</param>
/// <param name="CpuSeconds">Of each process.</param>
/// <param name="Files">Bytes of all files in the sandbox's <c>/tmp</c> together, which is memory.</param>
/// <param name="Yields">Gets what all others leave of the processor, which may be nothing for as long as it runs (sched(7):
/// SCHED_IDLE). Otherwise a tenth of a core beside a busy service (niceness 10: weight 110 beside 1024).</param>
public sealed record SandboxLimits(TimeSpan Time, int CpuSeconds, long Files, bool Yields = false);

/// <summary>How a run ended.</summary>
/// <param name="Code">The script's exit code; 128 + signal where one ended it. Without meaning after a timeout.</param>
/// <param name="TimedOut">It was killed because its time was up.</param>
/// <param name="Diagnostics">The beginning of its standard error.</param>
public sealed record SandboxExit(int Code, bool TimedOut, string Diagnostics);

/// <summary>The sandbox itself failed: this machine's fault, and no verdict on the file.</summary>
public sealed class SandboxException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Runs a shell script over a file nobody trusts, in bubblewrap: no network, no capabilities, no environment, a process
/// table of its own, and of the file system the programs and libraries only, read-only. The file arrives by standard input
/// and results leave by standard output; in between they lie on the sandbox's private tmpfs. So plaintext evidence is never
/// written to a disk as long as the machine does not swap, decoders that must seek (MP4 with its index at the end, HEIC)
/// can, and the price is memory of the file's size. Works as root and as an ordinary user.
/// </summary>
public sealed class Sandbox(IOptions<ScreeningOptions> options, TimeProvider time)
{
    private const int DiagnosticsLength = 2048;

    private static readonly bool HasTerminal = OpensTerminal();

    private static readonly string[] ReadOnlyPaths = ["/usr/bin", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/alternatives"];

    /// <param name="script">Constant text for <c>sh</c>. The tools' paths are in <c>$FFMPEG</c>, <c>$FFPROBE</c>, <c>$VIPS</c>,
    /// <c>$VIPSHEADER</c> and <c>$VIPSTHUMBNAIL</c>; <c>$READER</c> is a command with its arguments, or empty.</param>
    /// <param name="arguments"><c>$1</c>, <c>$2</c>, …: strings of the program's own making, never a citizen's.</param>
    /// <param name="input">The script's standard input. The script may leave it unread.</param>
    /// <param name="readOutput">Reads the script's standard output; what it leaves is thrown away. Its exceptions end the run.</param>
    /// <exception cref="SandboxException">A program could not be started.</exception>
    public async Task<SandboxExit> RunAsync(
        string script,
        IReadOnlyList<string> arguments,
        SandboxLimits limits,
        Stream input,
        Func<Stream, CancellationToken, Task> readOutput,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.Time, time);
        using var failure = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token, failure.Token);
        using var process = new Process { StartInfo = StartInfo(script, arguments, limits) };
        var exited = await StartAsync(process);
        await using var kill = stop.Token.Register(() => Kill(process));
        try
        {
            var diagnostics = ReadDiagnosticsAsync(process.StandardError, stop.Token);
            await Task.WhenAll(
                OrStop(WriteAsync(process.StandardInput.BaseStream, input, stop.Token)),
                OrStop(ReadAsync(process.StandardOutput.BaseStream, readOutput, stop.Token)),
                OrStop(diagnostics));
            await exited.WaitAsync(stop.Token);
            return new SandboxExit(process.ExitCode, false, await diagnostics);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new SandboxExit(-1, true, "");
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            if (!exited.IsCompleted)
            {
                Kill(process);
                await exited;
            }
        }

        // Nothing may wait for a child that waits for us.
        async Task OrStop(Task task)
        {
            try
            {
                await task;
            }
            catch
            {
                await failure.CancelAsync();
                throw;
            }
        }
    }

    private ProcessStartInfo StartInfo(string script, IReadOnlyList<string> arguments, SandboxLimits limits)
    {
        var o = options.Value;
        var bytes = limits.Files.ToString(CultureInfo.InvariantCulture);
        List<string> command =
        [
            o.Bubblewrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
            "--cap-drop", "ALL", "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--clearenv",
        ];

        // A session of its own keeps the sandbox from typing into the service's terminal (TIOCSTI). Where there is none to
        // type into it would only hurt: the kernel gives every session an equal share of the processor (sched(7), autogroup),
        // and niceness counts within one only.
        if (HasTerminal)
        {
            command.Add("--new-session");
        }

        foreach (var path in ReadOnlyPaths.Concat(o.ReadOnlyPaths))
        {
            command.AddRange(["--ro-bind-try", path, path]);
        }

        foreach (var (from, to) in MetadataReader.Installed?.Paths ?? [])
        {
            command.AddRange(["--ro-bind-try", from, to]);
        }

        command.AddRange(
        [
            "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            "--proc", "/proc", "--dev", "/dev", "--size", bytes, "--tmpfs", "/tmp",
            // Both are tmpfs without a limit of their own.
            "--remount-ro", "/dev", "--remount-ro", "/",
            "--chdir", "/tmp",
        ]);
        foreach (var (name, value) in ScriptEnvironment(o).Concat(MetadataReader.Installed is null ? [] : MetadataReader.Environment))
        {
            command.AddRange(["--setenv", name, value]);
        }

        command.AddRange(
        [
            "--", "/usr/bin/prlimit", "--core=0", "--nofile=256", $"--fsize={bytes}",
            string.Create(CultureInfo.InvariantCulture, $"--as={o.MaxMemory}"),
            string.Create(CultureInfo.InvariantCulture, $"--cpu={limits.CpuSeconds}"),
            string.Create(CultureInfo.InvariantCulture, $"--nproc={o.MaxProcesses}"),
            "--", "/bin/sh", "-c", script, "sh", .. arguments,
        ]);

        // Root in a container would stay root outside of the sandbox's user namespace, where limits on processes do not
        // count for it and an escape would be worth more.
        if (Environment.IsPrivilegedProcess)
        {
            var id = o.UnprivilegedId.ToString(CultureInfo.InvariantCulture);
            command.InsertRange(0, ["/usr/bin/setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--"]);
        }

        // Copies can wait, whoever is sending cannot: where processors are short, receiving and answering go first.
        command.InsertRange(0, limits.Yields ? ["/usr/bin/chrt", "--idle", "0"] : ["/usr/bin/nice", "-n", "10"]);

        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // --clearenv is not enough: bubblewrap's own environment, with the service's secrets, would be /proc/1/environ inside.
        start.Environment.Clear();
        return start;
    }

    /// <returns>False where the process has no controlling terminal (tty(4): ENXIO).</returns>
    private static bool OpensTerminal()
    {
        try
        {
            File.OpenHandle("/dev/tty").Dispose();
            return true;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> ScriptEnvironment(ScreeningOptions o) => new()
    {
        ["PATH"] = "/usr/bin",
        ["LC_ALL"] = "C",
        ["HOME"] = "/tmp",
        ["FFMPEG"] = o.Ffmpeg,
        ["FFPROBE"] = o.Ffprobe,
        ["VIPS"] = o.Vips,
        ["VIPSHEADER"] = o.VipsHeader,
        ["VIPSTHUMBNAIL"] = o.VipsThumbnail,
        // libvips 8.13: loaders whose authors do not call them safe for untrusted files (SVG, PDF, ImageMagick, …) refuse.
        ["VIPS_BLOCK_UNTRUSTED"] = "1",
        ["VIPS_CONCURRENCY"] = "2",
        // Above 100 MB libvips would decompress to a file, which is memory here and counted twice.
        ["VIPS_DISC_THRESHOLD"] = "64g",
        // One 64 MiB arena for each thread would eat the address space.
        ["MALLOC_ARENA_MAX"] = "2",
    };

    /// <summary>
    /// Starts the process on a thread that lives until it ends: --die-with-parent means the thread that forked, and the pool
    /// retires its threads whenever it likes.
    /// </summary>
    /// <returns>Completes when the process has ended.</returns>
    private static async Task<Task> StartAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
            {
                started.SetException(new SandboxException($"{process.StartInfo.FileName} could not be started: {e.Message}", e));
                return;
            }

            process.WaitForExit();
            exited.SetResult();
        })
        { IsBackground = true, Name = "sandbox" }.Start();
        await started.Task;
        return exited.Task;
    }

    private static async Task WriteAsync(Stream pipe, Stream input, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await input.ReadAsync(buffer, cancellationToken)) > 0)
            {
                try
                {
                    await pipe.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
                catch (IOException)
                {
                    return; // The script has ended without reading on; its exit code says why.
                }
            }
        }
        finally
        {
            await pipe.DisposeAsync();
        }
    }

    private static async Task ReadAsync(Stream pipe, Func<Stream, CancellationToken, Task> readOutput, CancellationToken cancellationToken)
    {
        await readOutput(pipe, cancellationToken);
        await pipe.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static async Task<string> ReadDiagnosticsAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        var (kept, buffer) = (new StringBuilder(), new char[1024]);
        int read;
        while ((read = await errors.ReadAsync(buffer, cancellationToken)) > 0)
        {
            kept.Append(buffer, 0, Math.Min(read, DiagnosticsLength - kept.Length));
        }

        return kept.ToString();
    }

    /// <summary>The first process of the sandbox's process table dies with bubblewrap, and all others with the first.</summary>
    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or Win32Exception)
        {
            // It has ended meanwhile.
        }
    }
}
