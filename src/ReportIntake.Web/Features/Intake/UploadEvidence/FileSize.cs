using System.Globalization;

namespace ReportIntake.Web.Features.Intake.UploadEvidence;

/// <summary>A number of bytes as phones tell it: <c>340 KB</c>, <c>1,2 MB</c>, <c>2 GB</c>.</summary>
public static class FileSize
{
    private const double Step = 1024;

    public static string Words(long bytes) => bytes switch
    {
        < 1024 * 1024 => $"{Math.Max(1, Math.Round(bytes / Step)).ToString("0", CultureInfo.CurrentCulture)} KB",
        < 1024L * 1024 * 1024 => $"{(bytes / Step / Step).ToString("0.#", CultureInfo.CurrentCulture)} MB",
        _ => $"{(bytes / Step / Step / Step).ToString("0.#", CultureInfo.CurrentCulture)} GB",
    };
}
