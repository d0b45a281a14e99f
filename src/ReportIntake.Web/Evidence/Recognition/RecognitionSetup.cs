using System.ComponentModel.DataAnnotations;
using ReportIntake.Domain.Recognition;

namespace ReportIntake.Web.Evidence.Recognition;

/// <summary>Section <c>Evidence:Recognition</c>.</summary>
public sealed class RecognitionOptions
{
    /// <summary>Bits by which two hashes of one picture may differ.</summary>
    [Range(0, PdqHash.MaxMatchDistance)]
    public int MaxDistance { get; set; } = PdqHash.MaxMatchDistance;

    /// <summary>
    /// Share of a video's useful frames, in percent, that must be on a list, or in another file, before it counts: one title
    /// card or one black-and-white pattern that many videos share must not. vPDQ's own default is 80 of the video asked for,
    /// whatever share of the other that is (ThreatExchange, <c>vpdq_util</c>). A photo is one frame.
    /// </summary>
    [Range(1, 100)]
    public double VideoMatchPercent { get; set; } = 80;

    /// <summary>
    /// A hash that matches more files than this within <see cref="FloodWindow"/> is put out of use until a person has looked:
    /// a wrong or poisoned entry must not flood the police.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int FloodThreshold { get; set; } = 50;

    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan FloodWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether so many frames of so many are enough.</summary>
    public bool Suffices(int matched, int frames) => matched > 0 && 100.0 * matched >= VideoMatchPercent * frames;
}

public static class RecognitionSetup
{
    public static IServiceCollection AddRecognition(this IServiceCollection services)
    {
        services.AddOptions<RecognitionOptions>().BindConfiguration("Evidence:Recognition").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<KnownHashes>();
        services.AddSingleton<EarlierEvidence>();
        services.AddScoped<ListSearch>();
        services.AddScoped<LikeEvidence>();
        return services;
    }
}
