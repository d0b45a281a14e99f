using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Features.Police.VerifiedReports;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>
/// A report's part of the ledger up to a signed head, read a page at a time: everything that was done with its files, and
/// of the report itself what its history tells the police. Claims, notes and first votes are left out there too.
/// </summary>
internal sealed class CustodyEntries(ReportIntakeDbContext database, LedgerProofs proofs, Guid reportId, IReadOnlyList<Guid> evidenceIds, long treeSize)
{
    private const int Page = 200;

    private static readonly string[] Told = [.. ReadVerifiedReport.ToldNames, ReadVerifiedReport.LedgerAction, HandOverPackage.LedgerAction];

    private List<long>? positions;

    /// <summary><c>entries.jsonl</c>: a line for each entry, which is what its leaf hash is taken over.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var entry in ReadAsync(ct))
        {
            yield return (byte[])[.. entry.Canonical(), (byte)'\n'];
        }
    }

    /// <summary><c>proofs.tsv</c>: in the same order position, leaf hash and audit path (comma-separated, from the leaf upwards), in hex.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ProofsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var entry in ReadAsync(ct))
        {
            var path = await proofs.InclusionAsync(entry.Position!.Value, treeSize, ct);
            var line = string.Create(
                CultureInfo.InvariantCulture, $"{entry.Position}\t{Convert.ToHexStringLower(entry.LeafHash)}\t{string.Join(',', path.Select(Convert.ToHexStringLower))}\n");
            yield return Encoding.ASCII.GetBytes(line);
        }
    }

    /// <summary>The entries by position. No reader stays open between two pages, however slow the client is.</summary>
    public async IAsyncEnumerable<LedgerEntry> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        positions ??= await FindAsync(ct);
        foreach (var page in positions.Chunk(Page))
        {
            foreach (var entry in await database.Ledger.AsNoTracking()
                .Where(e => page.Contains(e.Position!.Value)).OrderBy(e => e.Position).ToListAsync(ct))
            {
                yield return entry;
            }
        }
    }

    /// <summary>Two walks of two indexes; asked for both at once, in order of position, the database would read the whole log.</summary>
    private async Task<List<long>> FindAsync(CancellationToken ct)
    {
        var undone = await UndoneDecisions.EntriesAsync(database, reportId, ct);
        var ofReport = await database.Ledger
            .Where(e => e.ReportId == reportId && e.EvidenceId == null && e.Position < treeSize && Told.Contains(e.Action) && !undone.Contains(e.Id))
            .Select(e => e.Position!.Value).ToListAsync(ct);
        var ofFiles = await database.Ledger
            .Where(e => e.EvidenceId != null && evidenceIds.Contains(e.EvidenceId.Value) && e.Position < treeSize)
            .Select(e => e.Position!.Value).ToListAsync(ct);
        return [.. ofReport.Concat(ofFiles).Order()];
    }
}
