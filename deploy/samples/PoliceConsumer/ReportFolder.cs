using System.Text.Json;

namespace PoliceConsumer;

/// <summary>
/// Where reports are put: a folder for each, and the cursor. Every file is written beside its place and then moved there,
/// so that what has a name is whole, whenever the program was ended.
/// </summary>
internal sealed class ReportFolder
{
    private readonly string root;

    public ReportFolder(string root)
    {
        this.root = root;
        Directory.CreateDirectory(root);
    }

    private string CursorFile => Path.Combine(root, "cursor");

    public string? Cursor => File.Exists(CursorFile) ? File.ReadAllText(CursorFile) : null;

    public void SaveCursor(string cursor) => Write(CursorFile, cursor);

    /// <summary>The report as the service tells it now, in place of what was there.</summary>
    public void SaveReport(Guid report, JsonElement content) => Write(Path.Combine(Of(report), "report.json"), content.GetRawText());

    /// <summary>The report is no longer this client's (withdrawn, or purged): its folder says so and loses its content.</summary>
    public void Remove(Guid report, string why)
    {
        var folder = Path.Combine(root, report.ToString());
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Write(Path.Combine(Of(report), "removed"), why);
    }

    /// <summary>Where an original goes. Its name is its id: the sender's file name is no name to trust.</summary>
    public string OriginalOf(Guid report, Guid evidence) => Path.Combine(Of(report), evidence.ToString());

    private string Of(Guid report) => Directory.CreateDirectory(Path.Combine(root, report.ToString())).FullName;

    private static void Write(string file, string content)
    {
        using (var stream = new FileStream(file + ".new", FileMode.Create))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file, overwrite: true);
    }
}
