using System.CommandLine;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Features.Administration.Ledger;

namespace ReportIntake.Web.Verbs;

/// <summary><c>ledger …</c></summary>
internal static class LedgerVerbs
{
    public static Command Group(IServiceProvider services) => new("ledger", "The custody ledger") { Verify(services) };

    /// <summary>Tells every flaw on stderr.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> VerifyAsync(IServiceProvider services, IReadOnlyList<TreeHead> kept, bool evidence, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var verdict = await scope.ServiceProvider.GetRequiredService<VerifyLedger>().VerifyAsync(kept, cancellationToken);
        if (verdict.FirstFlaw is { } flaw)
        {
            return VerbAnswer.Refuse(flaw.Message);
        }

        if (!evidence)
        {
            return 0;
        }

        var findings = (await scope.ServiceProvider.GetRequiredService<VerifyEvidence>().VerifyAsync(cancellationToken)).Findings;
        return findings.Count == 0 ? 0 : VerbAnswer.Refuse([.. findings.Select(f => f.Message)]);
    }

    private static Command Verify(IServiceProvider services)
    {
        var evidence = new Option<bool>("--evidence") { Description = "Read every stored file too and name those that are not what was stored" };
        var kept = new Option<FileInfo?>("--tree-heads") { Description = "Compare with heads that were exported and kept elsewhere (JSON)" };
        var verify = new Command("verify", "Reads the whole ledger and names the first entry that was edited, deleted or cut off.") { evidence, kept };
        verify.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                IReadOnlyList<TreeHead> heads = parsed.GetValue(kept) is { } file ? KeptTreeHeads.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken)) : [];
                return await VerifyAsync(services, heads, parsed.GetValue(evidence), cancellationToken);
            }
            catch (FormatException malformed)
            {
                return VerbAnswer.Refuse(malformed.Message);
            }
        });
        return verify;
    }
}
