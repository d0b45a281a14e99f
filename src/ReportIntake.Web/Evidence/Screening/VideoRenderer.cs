using System.Globalization;
using ReportIntake.Domain.Evidence;

namespace ReportIntake.Web.Evidence.Screening;

/// <summary>
/// Videos by ffmpeg: MP4 (H.264, AAC) that plays everywhere and from the first byte, without metadata, chapters, subtitles,
/// attachments or anything else but the first picture and the first sound. The demuxer is forced: ffmpeg left to guess
/// would open playlists (HLS, concat) that name other files.
/// </summary>
internal static class VideoRenderer
{
    private const long Slack = 32 * 1024 * 1024;

    /// <summary>
    /// What phones, messengers and browsers record. Each other decoder is one that attackers may not choose. Subtitles and
    /// covers are never rendered, but ffprobe gives up on a file when one of its streams may not be opened.
    /// </summary>
    private const string Decoders =
        "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,h263,mjpeg,"
        + "aac,aac_fixed,aac_latm,mp3,mp3float,opus,libopus,vorbis,amrnb,libopencore_amrnb,amrwb,libopencore_amrwb,alac,flac,ac3,eac3,"
        + "mp2,mp2float,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_f32le,pcm_u8,pcm_alaw,pcm_mulaw,"
        + "mov_text,srt,subrip,ssa,ass,webvtt,text,png";

    // Sound that cannot be decoded is no reason to show no picture: once more without.
    // The frames to recognise it by are of the original, one a second (vPDQ) or as many as there may be over its whole
    // length, as stored, not turned. Luminance is the picture's own Y: vPDQ's detour over RGB gives it back.
    // SEI units are removed because x264 passes closed captions through and writes its own settings.
    private const string Script = RenderPlan.Prelude + """
        demuxer=$1 decoders=$2 pixels=$3 side=$4 seconds=$5 bytes=$6 small=$7 frames=$8
        safe="-protocol_whitelist file,pipe"
        open="$safe -codec_whitelist $decoders -f $demuxer"
        [ -z "$READER" ] || "$FFPROBE" -v quiet $open -show_format -show_streams -of json -i file:in | $READER video > sheet
        emit metadata_sheet sheet
        "$FFPROBE" -v quiet $open -select_streams V:0 -show_entries stream=width,height:stream_side_data=rotation:format=duration \
          -of default=noprint_wrappers=1 -i file:in > probe || refuse $?
        field() { sed -n "/^$1=/{s///p;q}" "$2"; }
        w=$(field width probe) h=$(field height probe) turn=$(field rotation probe)
        [ "$w" -gt 0 ] && [ "$h" -gt 0 ] || exit 65
        [ $((w * h)) -le "$pixels" ] || exit 66
        fit() { printf "scale=w='min(%s,iw)':h='min(%s,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2" "$1" "$1"; }
        quiet="-nostdin -hide_banner -v quiet -y"
        plain="-map_metadata -1 -map_chapters -1 -bitexact"
        encode() {
          "$FFMPEG" $quiet -threads 2 $open -i file:in -t "$seconds" -map 0:V:0 "$@" -sn -dn $plain \
            -vf "$(fit "$side"),format=yuv420p" -fpsmax 30 -c:v libx264 -preset veryfast -crf 26 -maxrate 2M -bufsize 4M \
            -g 60 -threads 2 -a53cc 0 -bsf:v filter_units=remove_types=6 \
            -movflags +faststart -max_muxing_queue_size 4096 -fs "$bytes" -f mp4 file:copy.mp4
        }
        encode -map '0:a:0?' -c:a aac -ac 2 -b:a 96k
        code=$?
        case $code in 0|126|127|137|152) ;; *) encode -an; code=$? ;; esac
        [ $code -eq 0 ] || refuse $code
        raw="$w $h"
        [ "$w" -le 512 ] && [ "$h" -le 512 ] || raw="512 512"
        every=$(field duration probe) every=${every%%.*}
        [ "${every:-N}" -ge 0 ] || every=0
        every=$((every / frames + 1))
        "$FFMPEG" $quiet -threads 2 -noautorotate $open -i file:in -map 0:V:0 -an -sn -dn -fps_mode passthrough -frames:v "$frames" \
          -vf "select='isnan(prev_selected_t)+gte(t-prev_selected_t,$every-0.001)',scale=${raw% *}:${raw#* }:flags=area,format=gray" \
          -f rawvideo file:pixels || rm -f pixels
        rm -f in
        ours="$safe -f mov -i file:copy.mp4"
        "$FFPROBE" -v quiet $safe -f mov -show_entries format=duration -of default=noprint_wrappers=1 -i file:copy.mp4 > copied || refuse $?
        length=$(field duration copied) whole=${length%%.*}
        [ "${whole:-N}" -ge 0 ] || exit 65
        at=0; [ "$whole" -lt 2 ] || at=1
        "$FFMPEG" $quiet -ss $at $ours -frames:v 1 -vf "$(fit "$small")" -q:v 4 $plain -f mjpeg file:small.jpg || refuse $?
        keys=; [ "$whole" -lt 120 ] || keys="-skip_frame nokey"
        "$FFMPEG" $quiet $keys $ours -frames:v 1 -vf "fps=16/$length,$(fit "$small"),tile=4x4" -q:v 5 $plain -f mjpeg file:sheet.jpg \
          || rm -f sheet.jpg
        case "$turn" in 90*|-90*|270*|-270*) t=$w w=$h h=$t ;; esac
        printf 'width=%s\nheight=%s\nduration=%s\ncopied=%s\npixels=%s 1\n' "$w" "$h" "$(field duration probe)" "$length" "$raw" > info
        emit info info; emit thumbnail small.jpg; emit contact_sheet sheet.jpg; emit working_copy copy.mp4; emit pixels pixels
        """;

    internal static RenderPlan Plan(AcceptedMediaType type, ScreeningOptions options, long size) => new(
        Script,
        [
            type == AcceptedMedia.WebM || type == AcceptedMedia.Matroska ? "matroska" : "mov",
            Decoders,
            options.MaxPixels.ToString(CultureInfo.InvariantCulture),
            options.VideoSide.ToString(CultureInfo.InvariantCulture),
            options.VideoSeconds.ToString(CultureInfo.InvariantCulture),
            options.MaxVideoCopySize.ToString(CultureInfo.InvariantCulture),
            options.ThumbnailSide.ToString(CultureInfo.InvariantCulture),
            options.VideoFrames.ToString(CultureInfo.InvariantCulture),
        ],
        // The tools use two threads, so CPU time may pass twice as fast as the clock's.
        new SandboxLimits(TimeSpan.FromSeconds(options.VideoTimeout), 2 * options.VideoTimeout, size + options.MaxVideoCopySize + Slack + (options.VideoFrames * RenditionReader.MaxPixelsSize)),
        "video/mp4",
        options.MaxVideoCopySize + Slack);
}
