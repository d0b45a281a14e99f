using System.Buffers.Binary;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// Tells a file's type by its first bytes, never by its name or what the sender says. It decides which decoder may run, so
/// it knows accepted types only; pure managed code that reads no further than <see cref="HeaderLength"/> bytes.
/// </summary>
public static class MediaTypes
{
    /// <summary>As many leading bytes of a file as <see cref="Detect"/> looks at.</summary>
    public const int HeaderLength = 4096;

    /// <summary>The accepted type that the bytes begin like; null for everything else.</summary>
    public static AcceptedMediaType? Detect(ReadOnlySpan<byte> header)
    {
        header = header[..Math.Min(header.Length, HeaderLength)];
        return header switch
        {
            [0xFF, 0xD8, 0xFF, ..] => AcceptedMedia.Jpeg,
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => AcceptedMedia.Png,
            _ when header.StartsWith("GIF87a"u8) || header.StartsWith("GIF89a"u8) => AcceptedMedia.Gif,
            _ when header.Length >= 16 && header.StartsWith("RIFF"u8) && header[8..].StartsWith("WEBPVP8"u8) => AcceptedMedia.WebP,
            _ when header.Length >= 16 && header[4..].StartsWith("ftyp"u8) => FromFileTypeBox(header),
            [0x1A, 0x45, 0xDF, 0xA3, ..] => FromEbml(header),
            _ => null,
        };
    }

    /// <summary>ISO/IEC 14496-12 §4.3: the major brand says what the file is; where that is unknown, the first known compatible brand.</summary>
    private static AcceptedMediaType? FromFileTypeBox(ReadOnlySpan<byte> header)
    {
        var size = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (size < 16 || size % 4 != 0)
        {
            return null;
        }

        var box = header[..(int)Math.Min(size, (uint)header.Length)];
        var major = FromBrand(box[8..12]);

        // mif1 only says "an image"; the compatible brands say of which codec.
        if (major is not null && major != AcceptedMedia.Heif)
        {
            return major;
        }

        for (var brand = 16; brand + 4 <= box.Length; brand += 4)
        {
            if (FromBrand(box[brand..(brand + 4)]) is { } compatible && (major is null || compatible.Kind == MediaKind.Photo))
            {
                if (compatible != AcceptedMedia.Heif)
                {
                    return compatible;
                }

                major = compatible;
            }
        }

        return major;
    }

    private static AcceptedMediaType? FromBrand(ReadOnlySpan<byte> brand) => brand switch
    {
        _ when brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("heim"u8)
            || brand.SequenceEqual("heis"u8) || brand.SequenceEqual("hevc"u8) || brand.SequenceEqual("hevx"u8) => AcceptedMedia.Heic,
        _ when brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8) => AcceptedMedia.Avif,
        _ when brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) => AcceptedMedia.Heif,
        _ when brand.SequenceEqual("qt  "u8) => AcceptedMedia.QuickTime,
        _ when brand.StartsWith("3gp"u8) || brand.StartsWith("3gr"u8) || brand.StartsWith("3gs"u8) || brand.StartsWith("3ge"u8) => AcceptedMedia.ThreeGpp,
        _ when brand.StartsWith("3g2"u8) => AcceptedMedia.ThreeGpp2,
        _ when brand.StartsWith("iso"u8) || brand.StartsWith("mp4"u8) || brand.StartsWith("avc"u8) || brand.StartsWith("M4V"u8)
            || brand.SequenceEqual("hvc1"u8) || brand.SequenceEqual("av01"u8) || brand.SequenceEqual("dash"u8)
            || brand.SequenceEqual("MSNV"u8) || brand.SequenceEqual("XAVC"u8) => AcceptedMedia.Mp4,
        _ => null,
    };

    /// <summary>RFC 8794 §11.2: the DocType element (id 0x4282) stands in the EBML header, before any content.</summary>
    private static AcceptedMediaType? FromEbml(ReadOnlySpan<byte> header)
    {
        var at = 4;
        if (!TryReadSize(header, ref at, out var headerSize))
        {
            return null;
        }

        var end = (int)Math.Min(at + headerSize, header.Length);
        while (at + 3 <= end)
        {
            // Element ids in the EBML header have one or two bytes; the first bit tells.
            var idLength = header[at] >= 0x80 ? 1 : 2;
            var isDocType = header[at] == 0x42 && header[at + 1] == 0x82;
            at += idLength;
            if (!TryReadSize(header[..end], ref at, out var size) || size > end - at)
            {
                return null;
            }

            if (isDocType)
            {
                var docType = header.Slice(at, (int)size).TrimEnd((byte)0);
                return docType.SequenceEqual("webm"u8) ? AcceptedMedia.WebM
                    : docType.SequenceEqual("matroska"u8) ? AcceptedMedia.Matroska
                    : null;
            }

            at += (int)size;
        }

        return null;
    }

    /// <summary>RFC 8794 §4: a variable-size integer; the leading zeros of its first byte tell how many bytes follow.</summary>
    private static bool TryReadSize(ReadOnlySpan<byte> bytes, ref int at, out long size)
    {
        size = 0;
        if (at >= bytes.Length || bytes[at] == 0)
        {
            return false;
        }

        var length = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[at]) - 23;
        if (at + length > bytes.Length)
        {
            return false;
        }

        size = bytes[at] & ((1 << (8 - length)) - 1);
        for (var i = 1; i < length; i++)
        {
            size = (size << 8) | bytes[at + i];
        }

        at += length;
        return true;
    }
}
