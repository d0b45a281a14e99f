namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>
/// A blob's names in the bucket: <c>c2/0198…c2.original</c>, beside it <c>.key</c>, <c>.growing</c> while it grows, and <c>.part-…</c>
/// where it is too large for one object.
/// </summary>
internal readonly record struct S3Names(string Complete)
{
    private const string KeySuffix = ".key";
    private const string GrowingSuffix = ".growing";
    private const string PartSuffix = ".part-";

    public string Key => Complete + KeySuffix;

    public string Growing => Complete + GrowingSuffix;

    public string Part(Guid id) => $"{Complete}{PartSuffix}{id:n}";

    public static S3Names Of(BlobKey key)
    {
        var name = key.ToString();
        return new S3Names($"{name.AsSpan(30, 2)}/{name}");
    }

    /// <summary>The blob that an object belongs to.</summary>
    public static bool TryParse(string name, out BlobKey key)
    {
        var last = name.AsSpan(name.LastIndexOf('/') + 1);
        if (last.IndexOf('.') is var kind and >= 0 && last[(kind + 1)..].IndexOf('.') is var length and >= 0)
        {
            var suffix = last[(kind + 1 + length)..];
            return BlobKey.TryParse(last[..(kind + 1 + length)], out key)
                && (suffix is KeySuffix or GrowingSuffix || suffix.StartsWith(PartSuffix, StringComparison.Ordinal));
        }

        return BlobKey.TryParse(last, out key);
    }
}
