namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>A blob's names in the bucket: <c>c2/0198…c2.original</c>, beside it <c>.key</c>, and <c>.growing</c> while it grows.</summary>
internal readonly record struct S3Names(string Complete)
{
    private const string KeySuffix = ".key";
    private const string GrowingSuffix = ".growing";

    public string Key => Complete + KeySuffix;

    public string Growing => Complete + GrowingSuffix;

    public static S3Names Of(BlobKey key)
    {
        var name = key.ToString();
        return new S3Names($"{name.AsSpan(30, 2)}/{name}");
    }

    /// <summary>The blob that an object belongs to.</summary>
    public static bool TryParse(string name, out BlobKey key)
    {
        var last = name.AsSpan(name.LastIndexOf('/') + 1);
        foreach (var suffix in (ReadOnlySpan<string>)[KeySuffix, GrowingSuffix])
        {
            if (last.EndsWith(suffix, StringComparison.Ordinal))
            {
                last = last[..^suffix.Length];
                break;
            }
        }

        return BlobKey.TryParse(last, out key);
    }
}
