using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ReportIntake.Web.Security;

/// <summary>
/// A police client's key: <c>ri_</c>, 8 characters that recognise it, <c>_</c>, and 256 random bits as 43 characters of
/// base64url. With that much randomness a plain SHA-256 is enough to keep.
/// </summary>
public sealed class ApiKey
{
    public const string Start = "ri_";
    private const int PrefixLength = 8;
    private const int SecretLength = 43;
    private readonly string text;

    private ApiKey(string text) => this.text = text;

    public string Prefix => text[..(Start.Length + PrefixLength)];

    public static ApiKey Create() => new(
        $"{Start}{RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", PrefixLength)}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}");

    public static ApiKey? Read(string text) =>
        text.Length == Start.Length + PrefixLength + 1 + SecretLength && text.StartsWith(Start, StringComparison.Ordinal) ? new ApiKey(text) : null;

    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>For the one time that it is shown.</summary>
    public string Reveal() => text;

    /// <summary>Hidden on purpose: a secret must not end in a log by interpolation.</summary>
    public override string ToString() => "(API key)";
}
