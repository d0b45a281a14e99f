using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Evidence.Store.S3;

/// <summary>Section <c>Evidence:S3</c>: where blobs are kept when <c>Evidence:Store</c> is <c>S3</c>. Any S3-compatible server.</summary>
public sealed class S3Options
{
    public const string Section = EvidenceOptions.Section + ":S3";

    /// <summary>Must exist.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Address of the server; null for Amazon's own, by region.</summary>
    public Uri? ServiceUrl { get; set; }

    /// <summary>Region the requests are signed for.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Null, with the secret, for the SDK's own chain: environment, profile, role of the machine.</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>The bucket in the path instead of the host name, as most servers other than Amazon's want it.</summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>Put before every object's name; ends with a slash, or is empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>How often a request is tried again, with growing pauses, before the store counts as away.</summary>
    public int Retries { get; set; } = 4;

    /// <summary>Of one try of one request, and of each wait for more of its answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>One message for each mistake; looked at only where the store is S3.</summary>
internal sealed class S3OptionsValidator(IOptions<EvidenceOptions> evidence) : IValidateOptions<S3Options>
{
    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        if (evidence.Value.Store is not EvidenceStoreKind.S3)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> mistakes = [];
        Check(options.Bucket.Length is >= 3 and <= 63, "Bucket", "is the name of an existing bucket, 3 to 63 characters.");
        Check(options.ServiceUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "ServiceUrl", "is an http or https address, or not set for Amazon S3.");
        Check(options.Region.Length > 0, "Region", "is not empty.");
        Check(string.IsNullOrEmpty(options.AccessKey) == string.IsNullOrEmpty(options.SecretKey), "AccessKey", "and Evidence:S3:SecretKey are set both or neither.");
        Check(options.Prefix.Length == 0 || (options.Prefix.EndsWith('/') && !options.Prefix.StartsWith('/')), "Prefix", "is empty, or ends with a slash and does not begin with one.");
        Check(options.Retries is >= 0 and <= 20, "Retries", "is 0 to 20.");
        Check(options.Timeout > TimeSpan.Zero && options.Timeout <= TimeSpan.FromMinutes(10), "Timeout", "is more than zero and at most 10 minutes.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void Check(bool holds, string setting, string rule)
        {
            if (!holds)
            {
                mistakes.Add($"{S3Options.Section}:{setting} {rule}");
            }
        }
    }
}
