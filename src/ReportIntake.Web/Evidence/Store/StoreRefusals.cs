using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>What a store throws and still is a refusal: no room, or the store is away. Both can be waited out.</summary>
internal static class StoreRefusals
{
    public static Error? Of(IOException exception) => exception switch
    {
        EvidenceStoreUnavailableException => EvidenceErrors.StorageUnavailable,
        _ when DurableFile.IsDiskFull(exception) => EvidenceErrors.StorageFull,
        _ => null,
    };
}
