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
    // The pixels to recognise it by are those that Pdq.OfPhoto would take of the whole: x · width / 512, rounded down. The
    // fraction has steps of 1/512, so the offset only keeps 1 / (512 / width) from falling short of a whole number.
    // Most photos are eight bits of red, green and blue already: each program that need not start saves a tenth of all that
    // screening costs. For the others PNG in between, because libvips counts its own format among the untrusted.
    // Orientations 5 to 8 of EXIF (CIPA DC-008 §4.6.5) exchange width and height.
    private const string Script = RenderPlan.Prelude + """
        pixels=$1 side=$2 small=$3
        [ -z "$READER" ] || $READER photo in > sheet
        emit metadata_sheet sheet
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
        raw="$w $h"
        to='stored.png[compression=1]'
        [ "$(field interpretation) $(field bands) $(field format)" != "srgb 3 uchar" ] || to=pixels.raw
        if [ "$w" -gt 512 ] || [ "$h" -gt 512 ]; then
          raw="512 512"
          scale=$(awk "BEGIN { printf \"%.17g 0 0 %.17g\", 512 / $w, 512 / $h }")
          "$VIPS" affine in "$to" "$scale" --interpolate nearest --oarea "0 0 512 512" --idx -0.0005 --idy -0.0005
        else
          "$VIPS" copy in "$to"
        fi && { [ "$to" = pixels.raw ] || { "$VIPS" colourspace stored.png 'rgb.png[compression=1]' srgb && "$VIPS" extract_band rgb.png 'three.png[compression=1]' 0 --n 3 && "$VIPS" rawsave three.png pixels.raw; }; } || rm -f pixels.raw
        case "$turn" in [5-8]*) t=$w w=$h h=$t ;; esac
        printf 'width=%s\nheight=%s\npixels=%s 3\n' "$w" "$h" "$raw" > info
        emit info info; emit thumbnail small.jpg; emit contact_sheet sheet.jpg; emit working_copy copy.jpg; emit pixels pixels.raw
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
