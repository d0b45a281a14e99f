using System.Globalization;
using System.Text;
using ReportIntake.Testing;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Web.Tests.Evidence.Screening;

public sealed class SandboxTests
{
    private static readonly SandboxLimits Limits = new(TimeSpan.FromSeconds(60), 30, 16 * 1024 * 1024);

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/hostname")]
    [InlineData("/root")]
    [InlineData("/home")]
    [InlineData("/var")]
    [InlineData("/sys")]
    [InlineData("/usr/local")]
    public async Task RunAsync_PathOfTheMachine_IsNotThere(string path)
    {
        Assert.True(Path.Exists(path), $"{path} is on this machine, or the test proves nothing.");

        var (_, output) = await RunAsync("[ -e \"$1\" ] && echo there || echo absent", path);

        Assert.Equal("absent\n", output);
    }

    [Fact]
    public async Task RunAsync_FolderOfTheService_IsNotThere()
    {
        var (_, output) = await RunAsync("ls \"$1\" >/dev/null 2>&1 && echo there || echo absent", AppContext.BaseDirectory);

        Assert.Equal("absent\n", output);
    }

    [Theory]
    [InlineData("/usr/bin/x")]
    [InlineData("/x")]
    [InlineData("/dev/x")]
    [InlineData("/dev/shm/x")]
    public async Task RunAsync_WriteOutsideTmp_Fails(string path)
    {
        var (_, output) = await RunAsync("(echo x > \"$1\") 2>/dev/null && echo written || echo refused", path);

        Assert.Equal("refused\n", output);
    }

    [Fact]
    public async Task RunAsync_ListenerOnLoopback_IsNotReached()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var target = string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}");
        const string connect = "\"$FFMPEG\" -v error -f mpegts -i \"$1\" 2>&1 | grep -o 'refused\\|unreachable' | head -1; grep -c : /proc/net/dev";

        var (_, output) = await RunAsync(connect, target);

        // One interface: the sandbox's own loopback, where nobody listens.
        Assert.Matches("^(refused|unreachable)\n1\n$", output);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task RunAsync_Environment_HasNothingOfTheService()
    {
        Environment.SetEnvironmentVariable("REPORTINTAKE_TEST_SECRET", "hunter2");

        var (_, output) = await RunAsync("env; cat /proc/*/environ | tr '\\0' '\\n'");

        Assert.Contains("PATH=/usr/bin", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Process_HasNoPowersAndSeesNoOthers()
    {
        var (_, output) = await RunAsync("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status; id -u; ls -d /proc/[0-9]* | wc -l; unshare -U true 2>/dev/null && echo nested");

        Assert.Matches("^CapEff:\t0+\nCapBnd:\t0+\nNoNewPrivs:\t1\n65534\n[2-6]\n$", output);
    }

    /// <summary>Niceness counts within one session only, where the kernel shares the processor between sessions: sched(7), autogroup.</summary>
    [Fact]
    public async Task RunAsync_ProcessorIsShort_GivesWayToTheService()
    {
        const string Share = "/proc/self/autogroup";
        var (_, output) = await RunAsync($"nice; cat {Share} 2>/dev/null; (: < /dev/tty) 2>/dev/null && echo terminal");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("10", lines[0]);
        Assert.DoesNotContain("terminal", lines);
        if (File.Exists(Share) && !HasTerminal())
        {
            // Empty on both sides where the processor is shared between groups (cgroups) instead of sessions.
            Assert.Equal((await File.ReadAllTextAsync(Share)).Trim(), string.Concat(lines.Skip(1)));
        }

        static bool HasTerminal()
        {
            try
            {
                File.OpenHandle("/dev/tty").Dispose();
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>The policy is field 41 of <c>/proc/pid/stat</c>; 5 is SCHED_IDLE: sched(7).</summary>
    [Theory]
    [InlineData(true, "5")]
    [InlineData(false, "0")]
    public async Task RunAsync_Yields_GetsOnlyWhatOthersLeave(bool yields, string policy)
    {
        var (_, output) = await RunBytesAsync("cut -d' ' -f41 /proc/self/stat", [], Limits with { Yields = yields });

        Assert.Equal(policy, Encoding.ASCII.GetString(output).Trim());
    }

    [Fact]
    public async Task RunAsync_OpenFilesOfTheService_AreNotInherited()
    {
        await using var secret = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);

        var (_, output) = await RunAsync("for fd in /proc/self/fd/*; do readlink $fd; done");

        Assert.DoesNotContain(secret.Name, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_InputAndOutput_PassUnchanged()
    {
        var bytes = new byte[1_000_003];
        new Random(1).NextBytes(bytes);

        var (exit, output) = await RunBytesAsync("cat > in && cat in", bytes, Limits);

        Assert.Equal(0, exit.Code);
        Assert.Equal(bytes, output);
    }

    [Fact]
    public async Task RunAsync_ScriptThatReadsNothing_Ends()
    {
        var (exit, _) = await RunBytesAsync("exit 7", new byte[5_000_000], Limits);

        Assert.Equal(7, exit.Code);
    }

    [Fact]
    public async Task RunAsync_FilesBeyondTheLimit_AreRefused()
    {
        var (exit, output) = await RunAsync("head -c 12M /dev/zero > a && head -c 12M /dev/zero > b; echo $?");

        Assert.Equal(0, exit.Code);
        Assert.Equal("1\n", output);
    }

    [Fact]
    public async Task RunAsync_MemoryBeyondTheLimit_IsRefused()
    {
        var (_, output) = await RunAsync("head -c 3G /dev/zero | tail -n 1 >/dev/null 2>&1; echo $?");

        Assert.Equal("1\n", output);
    }

    [Fact]
    public async Task RunAsync_ProcessesBeyondTheLimit_AreRefused()
    {
        var (_, output) = await RunAsync("(i=0; while [ $i -lt 200 ]; do sleep 30 & i=$((i+1)); done; echo all) 2>/dev/null; ls -d /proc/[0-9]* | wc -l");

        Assert.DoesNotContain("all", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CpuTimeSpent_IsKilled()
    {
        var (_, output) = await RunBytesAsync("(while :; do :; done); echo $?", [], Limits with { CpuSeconds = 1 });

        Assert.Equal("137\n", Encoding.ASCII.GetString(output));
    }

    [Fact]
    public async Task RunAsync_HungScript_IsKilledWithAllItsChildren()
    {
        var mark = "3" + Random.Shared.Next(100_000, 999_999).ToString(CultureInfo.InvariantCulture);

        var (exit, _) = await RunBytesAsync(
            "trap '' TERM HUP; setsid sleep $1 & sleep $1 & sleep $1", [], Limits with { Time = TimeSpan.FromSeconds(2) }, mark);

        Assert.True(exit.TimedOut);
        Assert.Empty(await ProcessesWithAsync(mark));
    }

    [Fact]
    public async Task RunAsync_Cancelled_ThrowsAndLeavesNothing()
    {
        var mark = "4" + Random.Shared.Next(100_000, 999_999).ToString(CultureInfo.InvariantCulture);
        using var cancel = new CancellationTokenSource();

        // Cancels once the script is known to run.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Screened.NewSandbox().RunAsync(
            "sleep $1 & echo started; sleep $1", [mark], Limits, Stream.Null, CancelAsync, cancel.Token));

        Assert.Empty(await ProcessesWithAsync(mark));

        async Task CancelAsync(Stream output, CancellationToken cancellationToken)
        {
            await output.ReadExactlyAsync(new byte[8], cancellationToken);
            await cancel.CancelAsync();
        }
    }

    [Fact]
    public async Task RunAsync_ReaderThatFails_EndsTheRun()
    {
        var mark = "5" + Random.Shared.Next(100_000, 999_999).ToString(CultureInfo.InvariantCulture);

        await Assert.ThrowsAsync<InvalidDataException>(() => Screened.NewSandbox().RunAsync(
            "sleep $1", [mark], Limits, Stream.Null, (_, _) => throw new InvalidDataException(), CancellationToken.None));

        Assert.Empty(await ProcessesWithAsync(mark));
    }

    [Fact]
    public async Task RunAsync_ThreadThatStartedItEnds_GoesOn()
    {
        // The kernel ties --die-with-parent to the thread that forked.
        var input = new System.IO.Pipelines.Pipe();
        Task<SandboxExit>? run = null;
        var output = new MemoryStream();
        var starter = new Thread(() => run = Screened.NewSandbox().RunAsync(
            "cat", [], Limits, input.Reader.AsStream(), (stream, token) => stream.CopyToAsync(output, token), CancellationToken.None));
        starter.Start();
        starter.Join();

        await input.Writer.WriteAsync("still here"u8.ToArray());
        await input.Writer.CompleteAsync();

        Assert.Equal(0, (await run!).Code);
        Assert.Equal("still here", Encoding.ASCII.GetString(output.ToArray()));
    }

    [Fact]
    public async Task RunAsync_NoBubblewrap_ThrowsSandboxException()
    {
        var sandbox = Screened.NewSandbox(new ScreeningOptions { Bubblewrap = "/usr/bin/no-such-program" });

        // As root another program starts bubblewrap, so the failure is an exit code there.
        try
        {
            var exit = await sandbox.RunAsync("true", [], Limits, Stream.Null, (_, _) => Task.CompletedTask, CancellationToken.None);
            Assert.Equal(127, exit.Code);
        }
        catch (SandboxException)
        {
            Assert.False(Environment.IsPrivilegedProcess);
        }
    }

    private static async Task<(SandboxExit Exit, string Output)> RunAsync(string script, params string[] arguments)
    {
        var (exit, output) = await RunBytesAsync(script, [], Limits, arguments);
        return (exit, Encoding.UTF8.GetString(output));
    }

    private static async Task<(SandboxExit Exit, byte[] Output)> RunBytesAsync(string script, byte[] input, SandboxLimits limits, params string[] arguments)
    {
        using var output = new MemoryStream();
        var exit = await Screened.NewSandbox().RunAsync(
            script, arguments, limits, new MemoryStream(input), (stream, token) => stream.CopyToAsync(output, token), CancellationToken.None);
        return (exit, output.ToArray());
    }

    private static async Task<string[]> ProcessesWithAsync(string mark) =>
        [.. (await Media.RunAsync("ps", "-eo", "stat,args")).Split('\n').Where(line => line.Contains(mark, StringComparison.Ordinal))];
}
