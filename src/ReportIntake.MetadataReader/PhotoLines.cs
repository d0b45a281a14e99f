using MetadataExtractor;
using MetadataExtractor.Formats.Xmp;
using Directory = MetadataExtractor.Directory;

namespace ReportIntake.MetadataReader;

/// <summary>EXIF, GPS, XMP, IPTC, ICC and the container's own facts, as MetadataExtractor names and words them.</summary>
internal static class PhotoLines
{
    /// <summary>Tables of the codec: hundreds of lines that tell nobody anything.</summary>
    private static readonly string[] Dull = ["Huffman", "File", "File Type"];

    internal static IEnumerable<(string Directory, string Name, string? Value)> Read(string file)
    {
        // What a court asks for first stands first, so that a sheet cut short has it.
        foreach (var directory in ImageMetadataReader.ReadMetadata(file).Where(d => !Dull.Contains(d.Name)).OrderBy(Rank))
        {
            foreach (var tag in directory.Tags)
            {
                yield return (directory.Name, tag.Name, Describe(tag));
            }

            if (directory is XmpDirectory xmp)
            {
                foreach (var (path, value) in xmp.GetXmpProperties())
                {
                    yield return (directory.Name, path, value);
                }
            }
        }
    }

    private static int Rank(Directory directory) => directory.Name switch
    {
        _ when directory.Name.StartsWith("GPS", StringComparison.Ordinal) => 0,
        _ when directory.Name.StartsWith("Exif", StringComparison.Ordinal) => 1,
        _ when directory.Name.StartsWith("ICC", StringComparison.Ordinal) => 3,
        _ => 2,
    };

    private static string? Describe(Tag tag)
    {
        try
        {
            return tag.Description;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // One tag that cannot be worded is no reason to lose the others.
            return null;
        }
    }
}
