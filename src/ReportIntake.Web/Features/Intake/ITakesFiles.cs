namespace ReportIntake.Web.Features.Intake;

/// <summary>A page whose form has the file input of <c>_EvidenceField.cshtml</c>.</summary>
public interface ITakesFiles
{
    /// <summary>Only names the input, for its errors; the files themselves are streamed.</summary>
    string? Files { get; }
}
