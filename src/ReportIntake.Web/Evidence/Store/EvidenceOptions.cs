using System.ComponentModel.DataAnnotations;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Evidence.Store;

public enum EvidenceStoreKind
{
    Disk,
    S3,
}

/// <summary>Section <c>Evidence</c> of the configuration: where evidence is kept and how much of it is taken.</summary>
public sealed class EvidenceOptions
{
    public const string Section = "Evidence";

    public EvidenceStoreKind Store { get; set; } = EvidenceStoreKind.Disk;

    /// <summary>Bytes of one file.</summary>
    [Range(1, long.MaxValue)]
    public long MaxFileSize { get; set; } = EvidenceItem.DefaultMaxSize;

    /// <summary>Files of one report.</summary>
    [Range(1, 1000)]
    public int MaxFilesPerReport { get; set; } = EvidenceItem.DefaultMaxPerReport;

    /// <summary>How long an upload that no report has taken is kept after its last byte.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromDays(2);
}
