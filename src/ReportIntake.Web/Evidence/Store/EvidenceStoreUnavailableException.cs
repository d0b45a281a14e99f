namespace ReportIntake.Web.Evidence.Store;

/// <summary>The store is away or refuses to work, also after retries. What was committed stands; the same call may succeed later.</summary>
public sealed class EvidenceStoreUnavailableException(string message, Exception? inner = null) : IOException(message, inner);
