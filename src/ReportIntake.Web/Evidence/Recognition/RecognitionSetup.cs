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
    /// A hash that matches more files than this within <see cref="FloodWindow"/> is put out of use until a person has looked:
    /// a wrong or poisoned entry must not flood the police.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int FloodThreshold { get; set; } = 50;

    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan FloodWindow { get; set; } = TimeSpan.FromHours(1);
}

public static class RecognitionSetup
{
    public static IServiceCollection AddRecognition(this IServiceCollection services)
    {
        services.AddOptions<RecognitionOptions>().BindConfiguration("Evidence:Recognition").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<KnownHashes>();
        services.AddSingleton<EarlierEvidence>();
        services.AddHostedService<RecognitionWarmUp>();
        return services;
    }
}
