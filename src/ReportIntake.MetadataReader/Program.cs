using System.Text;

namespace ReportIntake.MetadataReader;

/// <summary>
/// Reads what a file says of itself and writes lines <c>directory TAB name TAB value</c>. A program of its own because it
/// parses hostile bytes: it runs inside the screening sandbox only, where running out of stack or memory ends nothing else.
/// </summary>
public static class Program
{
    /// <param name="args"><c>photo FILE</c>, or <c>video</c> with ffprobe's JSON on standard input.</param>
    /// <returns>0 also where nothing was found; 1 where the arguments are wrong.</returns>
    public static int Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var lines = args switch
        {
            ["photo", var file] => PhotoLines.Read(file),
            ["video"] => ProbeLines.Read(Console.OpenStandardInput()),
            _ => null,
        };
        if (lines is null)
        {
            return 1;
        }

        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { NewLine = "\n" };
        var sheet = new SheetWriter(output);
        try
        {
            foreach (var (directory, name, value) in lines)
            {
                if (!sheet.TryWrite(directory, name, value))
                {
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A broken file may bring any exception out of its parser; what was read until then stands.
            sheet.TryWrite("Sheet", "Incomplete", failure.GetType().Name);
        }

        return 0;
    }
}
