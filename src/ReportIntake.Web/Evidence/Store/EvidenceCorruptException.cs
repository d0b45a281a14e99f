namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// What is stored is not what was stored: changed, cut short, put in another's place, or sealed under a key that is
/// not in the key ring. Never a refusal that a caller can act on; an operator must look.
/// </summary>
public sealed class EvidenceCorruptException : IOException
{
    public EvidenceCorruptException(BlobKey key, string what, Exception? inner = null)
        : base($"Evidence blob {key} is damaged: {what}", inner) => Key = key;

    public BlobKey Key { get; }
}
