using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Metadata;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Web.Tests.Evidence.Screening;

/// <summary>One screening with the real tools, and what it saved.</summary>
internal sealed class Screened(ScreeningResult result, IReadOnlyDictionary<RenditionKind, byte[]> saved)
{
    internal ScreeningResult Result => result;

    internal byte[] WorkingCopy => saved[RenditionKind.WorkingCopy];

    internal byte[] Thumbnail => saved[RenditionKind.Thumbnail];

    internal byte[]? ContactSheet => saved.GetValueOrDefault(RenditionKind.ContactSheet);

    internal ScreeningOutcome.Rendered Rendered => Assert.IsType<ScreeningOutcome.Rendered>(Result.Outcome);

    internal RefusalReason Refusal => Assert.IsType<ScreeningOutcome.Refused>(Result.Outcome).Reason;

    /// <summary>No copy; a metadata sheet there may be.</summary>
    internal bool SavedNoCopy => saved.Keys.All(kind => kind is RenditionKind.MetadataSheet);

    internal IReadOnlyList<MetadataProperty> Sheet => MetadataSheet.ReadLines(saved.GetValueOrDefault(RenditionKind.MetadataSheet) ?? []);

    internal static Sandbox NewSandbox(ScreeningOptions? options = null) => new(Options.Create(options ?? new ScreeningOptions()), TimeProvider.System);

    internal static Func<CancellationToken, Task<Stream>> Original(byte[] file) => _ => Task.FromResult<Stream>(new MemoryStream(file));

    internal static async Task<Screened> ScreenAsync(byte[] file, ScreeningOptions? options = null)
    {
        options ??= new ScreeningOptions();
        var copies = new Dictionary<RenditionKind, byte[]>();
        using var screener = new Screener(NewSandbox(options), Options.Create(options));
        var result = await screener.ScreenAsync(Original(file), file.Length, SaveAsync, CancellationToken.None);
        return new Screened(result, copies);

        async Task SaveAsync(Rendition rendition, Stream content, CancellationToken cancellationToken)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken);
            Assert.Equal(rendition.Length, copy.Length);
            copies[rendition.Kind] = copy.ToArray();
        }
    }
}
