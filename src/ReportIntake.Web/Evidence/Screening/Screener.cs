using System.Diagnostics;
using Microsoft.Extensions.Options;
using ReportIntake.Domain;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.Telemetry;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>Finds out what a file is and makes the copies that people may look at. No decoder runs in this process.</summary>
public sealed class Screener(Sandbox sandbox, IOptions<ScreeningOptions> options) : IDisposable
{
    /// <summary>
    /// How long a photo gets what others leave of the processor before it competes: many times what one needs that is not
    /// disturbed. In a flood this decides what screening costs those who are sending, for each photo competes once in so long.
    /// </summary>
    private static readonly TimeSpan Yielding = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim slots = new(options.Value.Concurrency);
    private readonly SemaphoreSlim large = new(1);

    /// <param name="open">Opens the original, once for each attempt; read forward only, and disposed here.</param>
    /// <param name="size">Bytes of the original.</param>
    /// <param name="save">Called for the metadata sheet if any, the thumbnail, the contact sheet if any, the working copy, and the pixels if any, in this order and one
    /// after the other; the stream is forward only, asynchronous only, and valid during the call. A second attempt saves all
    /// again. Refused afterwards: throw away what it was given, but for the metadata sheet.</param>
    /// <exception cref="SandboxException">The sandbox does not work here: try again later, the file is not judged.</exception>
    /// <exception cref="EndOfStreamException">The original is shorter than <paramref name="size"/>, or the
    /// sandbox was killed from outside while it wrote.</exception>
    public async Task<ScreeningResult> ScreenAsync(
        Func<CancellationToken, Task<Stream>> open,
        long size,
        Func<Rendition, Stream, CancellationToken, Task> save,
        CancellationToken cancellationToken)
    {
        var head = new byte[(int)Math.Min(size, MediaTypes.HeaderLength)];
        await using var original = await open(cancellationToken);
        await original.ReadExactlyAsync(head, cancellationToken);
        if (MediaTypes.Detect(head) is not { } type)
        {
            return new ScreeningResult(null, new ScreeningOutcome.Refused(RefusalReason.UnsupportedType));
        }

        if (size > options.Value.MaxSize)
        {
            return new ScreeningResult(type.MediaType, new ScreeningOutcome.Refused(RefusalReason.TooLarge));
        }

        var plan = type.Kind is MediaKind.Photo
            ? PhotoRenderer.Plan(options.Value, size)
            : VideoRenderer.Plan(type, options.Value, size);
        var outcome = size < options.Value.LargeFileSize
            ? await RenderAsync()
            : await InTurnAsync(large, RenderAsync, cancellationToken);
        return new ScreeningResult(type.MediaType, outcome);

        Task<ScreeningOutcome> RenderAsync() => InTurnAsync(slots, () => MeasuredAsync(RunAsync), cancellationToken);

        async Task<ScreeningOutcome> RunAsync()
        {
            var read = new SectionStream(head, original, size);
            if (type.Kind is not MediaKind.Photo)
            {
                return await AttemptAsync(plan, plan.Limits, read, save, cancellationToken);
            }

            // On a busy machine the first attempt may get nothing at all, which says nothing of the photo.
            var time = Yielding < plan.Limits.Time ? Yielding : plan.Limits.Time;
            if (await AttemptAsync(plan, plan.Limits with { Time = time, Yields = true }, read, save, cancellationToken)
                is not ScreeningOutcome.Refused { Reason: RefusalReason.TimedOut } and var outcome)
            {
                return outcome;
            }

            await original.DisposeAsync();
            await using var again = await open(cancellationToken);
            return await AttemptAsync(plan, plan.Limits, new SectionStream(default, again, size), save, cancellationToken);
        }
    }

    public void Dispose()
    {
        slots.Dispose();
        large.Dispose();
    }

    private async Task<ScreeningOutcome> AttemptAsync(
        RenderPlan plan,
        SandboxLimits limits,
        Stream original,
        Func<Rendition, Stream, CancellationToken, Task> save,
        CancellationToken cancellationToken)
    {
        var reader = new RenditionReader(plan, save);
        var exit = await sandbox.RunAsync(plan.Script, plan.Arguments, limits, original, reader.ReadAsync, cancellationToken);
        return exit switch
        {
            { TimedOut: true } => new ScreeningOutcome.Refused(RefusalReason.TimedOut),
            { Code: RenderPlan.ExitCpuSpent } => new ScreeningOutcome.Refused(RefusalReason.TimedOut),
            { Code: RenderPlan.ExitTooManyPixels } => new ScreeningOutcome.Refused(RefusalReason.TooManyPixels),
            { Code: RenderPlan.ExitUndecodable } => new ScreeningOutcome.Refused(RefusalReason.Undecodable),
            { Code: 0 } => reader.Rendered ?? (ScreeningOutcome)new ScreeningOutcome.Refused(RefusalReason.Undecodable),
            // Nothing of a file's is in the diagnostics: the scripts silence the tools, so only bubblewrap and sh speak.
            _ => throw new SandboxException($"The sandbox ended with {exit.Code}: {exit.Diagnostics}"),
        };
    }

    private static async Task<ScreeningOutcome> MeasuredAsync(Func<Task<ScreeningOutcome>> run)
    {
        using var span = Signals.Traces.StartActivity("Screen");
        var start = Stopwatch.GetTimestamp();
        var outcome = await run();
        var code = outcome is ScreeningOutcome.Refused refused ? refused.Reason.Name() : "rendered";
        Signals.Screened(Stopwatch.GetElapsedTime(start), code);
        span?.SetTag(SpanFilter.Outcome, code);
        return outcome;
    }

    private static async Task<T> InTurnAsync<T>(SemaphoreSlim turn, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await run();
        }
        finally
        {
            turn.Release();
        }
    }
}
