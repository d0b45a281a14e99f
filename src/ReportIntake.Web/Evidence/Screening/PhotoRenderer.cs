using System.Globalization;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// Photos by libvips: JPEG from the pixels, turned as the camera was held, in sRGB, without any metadata. A picture of
/// several pages (animated GIF or WebP, a HEIF burst) shows its first page, and up to sixteen of its first 240 on a sheet:
/// what is hidden on a later page must not reach the police unseen.
/// </summary>
internal static class PhotoRenderer
{
    /// <summary>JPEGs of at most a few megapixels.</summary>
    private const long MaxCopySize = 32 * 1024 * 1024;

    // The first match counts: later lines are the file's own metadata and may say anything.
    // Orientations 5 to 8 of EXIF (CIPA DC-008 §4.6.5) exchange width and height.
    private const string Script = RenderPlan.Prelude + """
        pixels=$1 side=$2 small=$3
        "$VIPSHEADER" -a in > header || refuse $?
        field() { sed -n "/^$1: /{s///p;q}" header; }
        w=$(field width) h=$(field height) pages=$(field n-pages) turn=$(field orientation)
        [ "$w" -gt 0 ] && [ "$h" -gt 0 ] || exit 65
        [ $((w * h)) -le "$pixels" ] || exit 66
        shrink() { "$VIPSTHUMBNAIL" "$1" -s "$2x$2>" --export-profile srgb -o "/tmp/$3[Q=$4,strip,background=255]"; }
        shrink in "$side" copy.jpg 85 || refuse $?
        shrink copy.jpg "$small" small.jpg 75 || refuse $?
        if [ "${pages:-1}" -gt 1 ]; then
          [ "$pages" -le 240 ] || pages=240
          n=$pages; [ "$n" -le 16 ] || n=16
          i=0 frames=
          while [ $i -lt "$n" ]; do
            shrink "in[page=$((i * pages / n))]" "$small" "$i.jpg" 75 && frames="$frames $i.jpg"
            i=$((i + 1))
          done
          "$VIPS" arrayjoin "${frames# }" "sheet.jpg[Q=75,strip]" --across 4 || rm -f sheet.jpg
        fi
        case "$turn" in [5-8]*) t=$w w=$h h=$t ;; esac
        printf 'width=%s\nheight=%s\n' "$w" "$h" > info
        emit info info; emit thumbnail small.jpg; emit contact_sheet sheet.jpg; emit working_copy copy.jpg
        """;

    internal static RenderPlan Plan(ScreeningOptions options, long size) => new(
        Script,
        [
            options.MaxPixels.ToString(CultureInfo.InvariantCulture),
            options.PhotoSide.ToString(CultureInfo.InvariantCulture),
            options.ThumbnailSide.ToString(CultureInfo.InvariantCulture),
        ],
        new SandboxLimits(TimeSpan.FromSeconds(options.PhotoTimeout), options.PhotoTimeout, size + (2 * MaxCopySize)),
        "image/jpeg",
        MaxCopySize);
}
