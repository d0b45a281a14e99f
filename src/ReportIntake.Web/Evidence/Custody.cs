using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Evidence;

/// <summary>Ledger entries about evidence: reads count as much as writes.</summary>
public static class Custody
{
    /// <summary>One thing done with an item, with the hash it has.</summary>
    public static LedgerEntry Entry(Actor actor, string action, EvidenceItem item, DateTimeOffset now, params (string Key, string Value)[] details)
    {
        var all = details.ToDictionary(d => d.Key, d => d.Value);
        if (item.Sha256 is { } sha256)
        {
            all["sha256"] = Convert.ToHexStringLower(sha256);
        }

        return LedgerEntry.Write(actor, action, item.ReportId, item.Id, all, now);
    }
}
