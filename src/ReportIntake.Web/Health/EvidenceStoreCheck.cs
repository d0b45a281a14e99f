using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Evidence.Store.S3;

namespace ReportIntake.Web.Health;

/// <summary>Evidence can be written, and there is room for it; on S3, the bucket answers.</summary>
public sealed class EvidenceStoreCheck(IOptions<DataDirectoryOptions> data, IEvidenceStore store, IOptions<HealthOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (store is S3EvidenceStore bucket)
        {
            return await CheckAsync(bucket, cancellationToken);
        }

        var folder = data.Value.PathOf("evidence");
        try
        {
            var free = new DriveInfo(folder).AvailableFreeSpace;
            if (free < options.Value.MinFreeBytes)
            {
                return HealthCheckResult.Unhealthy($"The evidence store has {free} bytes free and needs {options.Value.MinFreeBytes}.");
            }

            // Beside the store's own folders, of which each is named after keys: the store never lists it.
            var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            await using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                return HealthCheckResult.Healthy();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy("The evidence store cannot be written.", exception);
        }
    }

    private static async Task<HealthCheckResult> CheckAsync(S3EvidenceStore bucket, CancellationToken cancellationToken)
    {
        try
        {
            await bucket.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (EvidenceStoreUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy("The evidence bucket does not answer.", exception);
        }
    }
}
