using System.ComponentModel.DataAnnotations;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>Section <c>Ledger</c>.</summary>
public sealed class LedgerOptions
{
    /// <summary>How often the log's head is signed, where it has grown.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan TreeHeadInterval { get; set; } = TimeSpan.FromHours(1);
}
