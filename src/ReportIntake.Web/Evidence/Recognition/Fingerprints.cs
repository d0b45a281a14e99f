using ReportIntake.Domain.Recognition;
using ReportIntake.Web.Evidence.Screening;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>Hashes the pixels that the sandbox has decoded. Raw pixels need no decoder, so this may run here.</summary>
public static class Fingerprints
{
    /// <summary>One for each frame in which there is enough to see.</summary>
    public static async Task<List<EvidenceFingerprint>> ReadAsync(
        Guid evidenceId, FrameShape shape, Stream pixels, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<EvidenceFingerprint> found = [];
        var frame = new byte[shape.Size];
        for (var number = 0; await pixels.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, cancellationToken) == frame.Length; number++)
        {
            var fingerprint = Pdq.OfPhoto(new Pixels(frame, shape.Width, shape.Height, shape.Channels));
            if (fingerprint.IsUseful)
            {
                found.Add(new EvidenceFingerprint
                {
                    EvidenceId = evidenceId,
                    Frame = number,
                    Hash = fingerprint.Hash.ToBytes(),
                    Quality = fingerprint.Quality,
                    At = now,
                });
            }
        }

        return found;
    }
}
