using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ReportIntake.Testing;

/// <summary>Benign pictures and videos made on the spot by ffmpeg and libvips, and files that pretend to be some.</summary>
public static class Media
{
    /// <summary>Colour of the top left quarter of <see cref="QuarteredJpegAsync"/>; the others are black.</summary>
    public const string MarkerColour = "red";

    public static Task<byte[]> JpegAsync(int width, int height) => PictureAsync(width, height, "jpg");

    public static Task<byte[]> PngAsync(int width, int height) => PictureAsync(width, height, "png");

    public static Task<byte[]> WebPAsync(int width, int height) => ConvertAsync(width, height, "webp");

    public static Task<byte[]> HeicAsync(int width, int height) => ConvertAsync(width, height, "heic");

    public static Task<byte[]> AvifAsync(int width, int height) => ConvertAsync(width, height, "avif");

    /// <summary>One frame, or an animation of ten a second.</summary>
    public static Task<byte[]> GifAsync(int width, int height, int frames = 1) =>
        FfmpegAsync("gif", "-f", "lavfi", "-i", $"testsrc2=s={width}x{height}:r=10", "-frames:v", $"{frames}");

    /// <summary>Red in the top left quarter, black elsewhere: shows which way up it is.</summary>
    public static Task<byte[]> QuarteredJpegAsync(int width, int height) => FfmpegAsync(
        "jpg", "-f", "lavfi", "-i", $"color=black:s={width}x{height}", "-frames:v", "1",
        "-vf", $"drawbox=w={width / 2}:h={height / 2}:c={MarkerColour}:t=fill", "-q:v", "2");

    /// <summary>H.264 and AAC with a title, a place and a chapter in its metadata.</summary>
    /// <param name="indexFirst">The index stands before the samples, as on the web; otherwise behind, as phones write it.</param>
    public static Task<byte[]> Mp4Async(int seconds, int width = 640, int height = 360, bool indexFirst = false) => FfmpegAsync(
        "mp4",
        [.. Source(seconds, width, height), .. Metadata, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            .. indexFirst ? (string[])["-movflags", "+faststart"] : []]);

    public static Task<byte[]> MovAsync(int seconds) => FfmpegAsync(
        "mov", [.. Source(seconds, 640, 360), .. Metadata, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]);

    public static Task<byte[]> ThreeGppAsync(int seconds) => FfmpegAsync(
        "3gp", [.. Source(seconds, 352, 288), "-c:v", "h263", "-c:a", "aac"]);

    public static Task<byte[]> WebMAsync(int seconds) => FfmpegAsync(
        "webm", [.. Source(seconds, 320, 180), .. Metadata, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"]);

    public static Task<byte[]> MkvAsync(int seconds) => FfmpegAsync(
        "mkv", [.. Source(seconds, 640, 360), .. Metadata, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]);

    /// <summary>A video in an accepted container by the codecs named, with a subtitle.</summary>
    public static async Task<byte[]> MkvOfAsync(string video, string sound)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("in.srt"), "1\n00:00:00,000 --> 00:00:01,000\nA. Reporter\n");
        await RunAsync(
            "ffmpeg", ["-nostdin", "-v", "error", .. Source(1, 320, 180), "-i", folder.File("in.srt"), "-map", "0", "-map", "1", "-map", "2",
                "-c:v", video, "-c:a", sound, "-c:s", "srt", folder.File("out.mkv")]);
        return await File.ReadAllBytesAsync(folder.File("out.mkv"));
    }

    /// <summary>A container that is an accepted one, with sound only.</summary>
    public static Task<byte[]> SoundOnlyMp4Async() => FfmpegAsync("mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac");

    /// <summary>
    /// Puts EXIF into a JPEG: orientation (EXIF 2.32 §4.6.5: 6 is "turn clockwise by a quarter"), an artist's name and GPS
    /// coordinates, written by hand so that no tool tidies them up.
    /// </summary>
    public static byte[] WithExif(byte[] jpeg, ushort orientation, string artist = "A. Reporter")
    {
        var tiff = new MemoryStream();
        var text = Encoding.ASCII.GetBytes(artist + "\0");
        // Big-endian TIFF: header 8, IFD0 at 8 with 3 entries (2 + 36 + 4), then the text, then the GPS IFD.
        const int afterIfd0 = 8 + 2 + 36 + 4;
        var gps = afterIfd0 + text.Length + (text.Length % 2);
        var rationals = gps + 2 + (4 * 12) + 4;
        tiff.Write("MM\0*\0\0\0\u0008"u8);
        Short(3);
        Entry(0x0112, 3, 1, (uint)orientation << 16);
        Entry(0x013B, 2, (uint)text.Length, afterIfd0);
        Entry(0x8825, 4, 1, (uint)gps);
        Long(0);
        tiff.Write(text);
        tiff.Position = gps;
        Short(4);
        Entry(1, 2, 2, (uint)'S' << 24);
        Entry(2, 5, 3, (uint)rationals);
        Entry(3, 2, 2, (uint)'E' << 24);
        Entry(4, 5, 3, (uint)rationals + 24);
        Long(0);
        foreach (var part in (uint[])[6, 1, 10, 1, 30, 1, 106, 1, 49, 1, 15, 1])
        {
            Long(part);
        }

        var xmp = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><!--A. Reporter--></x:xmpmeta>"u8;
        return [.. jpeg[..2], .. Segment([.. "Exif\0\0"u8, .. tiff.ToArray()]), .. Segment(xmp), .. jpeg[2..]];

        void Short(ushort value)
        {
            Span<byte> bytes = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
            tiff.Write(bytes);
        }

        void Long(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
            tiff.Write(bytes);
        }

        void Entry(ushort tag, ushort type, uint count, uint value)
        {
            Short(tag);
            Short(type);
            Long(count);
            Long(value);
        }

        static byte[] Segment(ReadOnlySpan<byte> content)
        {
            var segment = new byte[content.Length + 4];
            (segment[0], segment[1]) = (0xFF, 0xE1);
            BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(content.Length + 2));
            content.CopyTo(segment.AsSpan(4));
            return segment;
        }
    }

    /// <summary>EXIF, GPS, XMP, IPTC, a comment and a colour profile, as far as the format and exiftool know them; each names "A. Reporter".</summary>
    /// <param name="extension">The format's, without a dot.</param>
    public static async Task<byte[]> WithAllMetadataAsync(byte[] picture, string extension)
    {
        using var folder = new TemporaryFolder();
        var (path, profile) = (folder.File("x." + extension), folder.File("profile.jpg"));
        await File.WriteAllBytesAsync(path, picture);
        await RunAsync("vips", "black", profile + "[profile=srgb]", "8", "8", "--bands", "3");
        await RunAsync(
            "exiftool", "-q", "-m", "-overwrite_original", "-Comment=A. Reporter", "-XMP:Creator=A. Reporter", "-XMP:GPSLatitude=6,10.5S", "-EXIF:Artist=A. Reporter",
            "-GPSLatitude=6.1751", "-GPSLatitudeRef=S", "-GPSLongitude=106.8272", "-GPSLongitudeRef=E", "-IPTC:By-line=A. Reporter", "-TagsFromFile", profile, "-ICC_Profile", path);
        return await File.ReadAllBytesAsync(path);
    }

    /// <summary>A JPEG with a C2PA store as its standard puts it there: JUMBF boxes in an APP11 segment (C2PA 2.1 §A.3.1).</summary>
    public static byte[] WithContentCredentials(byte[] jpeg)
    {
        byte[] description = [.. Atom("jumd", [.. "c2pa"u8, 0, 0x11, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71, 3, .. "c2pa\0"u8])];
        var store = Atom("jumb", [.. description, .. Atom("json", "{\"author\":\"A. Reporter\"}"u8)]);
        byte[] content = [.. "JP"u8, 0, 1, 0, 0, 0, 1, .. store];
        return [.. jpeg[..2], 0xFF, 0xEB, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content, .. jpeg[2..]];
    }

    /// <summary>A PNG whose EXIF is so many directories, each inside the one before: what follows them one call deeper each time runs out of stack.</summary>
    public static byte[] WithNestedExif(byte[] png, int directories)
    {
        const int Length = 2 + 12 + 4; // one entry
        var tiff = new byte[8 + (directories * Length)];
        "MM\0*\0\0\0\u0008"u8.CopyTo(tiff);
        for (var i = 0; i < directories; i++)
        {
            var directory = tiff.AsSpan(8 + (i * Length), Length);
            directory[1] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(directory[2..], 0x8769); // EXIF's own directory
            BinaryPrimitives.WriteUInt16BigEndian(directory[4..], 4);
            BinaryPrimitives.WriteUInt32BigEndian(directory[6..], 1);
            BinaryPrimitives.WriteUInt32BigEndian(directory[10..], i + 1 < directories ? (uint)(8 + ((i + 1) * Length)) : 0);
        }

        const int AfterHeader = 8 + 25;
        return [.. png[..AfterHeader], .. PngChunk("eXIf"u8, tiff), .. png[AfterHeader..]];
    }

    /// <summary>A picture that is a ZIP archive too: ZIP is read from its end.</summary>
    public static byte[] WithZipTail(byte[] picture, string entryName)
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry(entryName, CompressionLevel.NoCompression).Open();
            entry.Write("not a picture"u8);
        }

        return [.. picture, .. zip.ToArray()];
    }

    /// <summary>A valid PNG of a few hundred kilobytes at most that declares, and holds, that many one-bit pixels.</summary>
    public static byte[] BombPng(int width, int height)
    {
        var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + ((width + 7) / 8)];
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1; // Bits per sample; the rest is 0: grey, deflate, not interlaced.
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. PngChunk("IHDR"u8, header), .. PngChunk("IDAT"u8, pixels.ToArray()), .. PngChunk("IEND"u8, [])];
    }

    private static byte[] PngChunk(ReadOnlySpan<byte> type, byte[] content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    public static byte[] Svg { get; } = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8.ToArray();

    public static byte[] Html { get; } = "<!DOCTYPE html><script>alert(1)</script>"u8.ToArray();

    public static byte[] Pdf { get; } = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"u8.ToArray();

    /// <summary>An HLS playlist that would make its reader open a file.</summary>
    public static byte[] HlsPlaylist { get; } =
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"u8.ToArray();

    /// <summary>An ffmpeg concat script that would make its reader open a file.</summary>
    public static byte[] ConcatPlaylist { get; } = "ffconcat version 1.0\nfile '/etc/passwd'\n"u8.ToArray();

    /// <summary>Begins like an MP4 and goes on as something else.</summary>
    public static byte[] BehindMp4Header(ReadOnlySpan<byte> content) => [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, .. content];

    /// <summary>A QuickTime file whose only track has its samples in another file (QuickTime File Format: reference movie, <c>rmra</c>).</summary>
    public static byte[] MovThatNames(string address)
    {
        var url = Encoding.ASCII.GetBytes(address + "\0");
        byte[] reference = [0, 0, 0, 0, .. "url "u8, 0, 0, 0, (byte)url.Length, .. url];
        return [.. Atom("ftyp", [.. "qt  "u8, 0, 0, 0, 0, .. "qt  "u8]), .. Atom("moov", Atom("rmra", Atom("rmda", Atom("rdrf", reference))))];
    }

    /// <summary>A box of ISO/IEC 14496-12: its length, type and content.</summary>
    private static byte[] Atom(string type, ReadOnlySpan<byte> content)
    {
        var atom = new byte[content.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(atom, atom.Length);
        Encoding.ASCII.GetBytes(type, atom.AsSpan(4));
        content.CopyTo(atom.AsSpan(8));
        return atom;
    }

    private static readonly string[] Metadata = ["-metadata", "title=A. Reporter", "-metadata", "location=-06.1751+106.8272/"];

    private static string[] Source(int seconds, int width, int height) =>
    [
        "-f", "lavfi", "-i", $"testsrc2=s={width}x{height}:r=25:d={seconds}", "-f", "lavfi", "-i", $"sine=d={seconds}",
    ];

    private static Task<byte[]> PictureAsync(int width, int height, string extension) => FfmpegAsync(
        extension, "-f", "lavfi", "-i", $"testsrc2=s={width}x{height}", "-frames:v", "1", "-q:v", "2");

    private static async Task<byte[]> ConvertAsync(int width, int height, string extension)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.File("in.png"), await PngAsync(width, height));
        await RunAsync("vips", "copy", folder.File("in.png"), folder.File("out." + extension));
        return await File.ReadAllBytesAsync(folder.File("out." + extension));
    }

    private static async Task<byte[]> FfmpegAsync(string extension, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        await RunAsync("ffmpeg", ["-nostdin", "-v", "error", .. arguments, folder.File("out." + extension)]);
        return await File.ReadAllBytesAsync(folder.File("out." + extension));
    }

    /// <summary>Runs a tool to its end and gives what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        var run = await ChildProcess.RunAsync(tool, arguments);
        return run.Exit == 0 ? run.Out : throw new InvalidOperationException($"{tool} ended with {run.Exit}: {run.Error}");
    }

    /// <summary>ISO 3309, as PNG uses it.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("media-");

        internal string File(string name) => Path.Combine(folder.FullName, name);

        public void Dispose() => folder.Delete(recursive: true);
    }
}
