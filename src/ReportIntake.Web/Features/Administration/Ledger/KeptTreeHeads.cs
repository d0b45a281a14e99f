using System.Text;
using System.Text.Json;
using ReportIntake.Domain.Custody;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>Heads that somebody kept outside: the answer of <c>/api/v1/admin/ledger/tree-heads</c>, or a single one of its items.</summary>
public static class KeptTreeHeads
{
    /// <exception cref="FormatException">The text is neither, or a head's own members disagree with what was signed.</exception>
    public static IReadOnlyList<TreeHead> Parse(string json)
    {
        var options = new JsonSerializerOptions();
        ErrorHandlingSetup.Configure(options);
        try
        {
            using var document = JsonDocument.Parse(json);
            var heads = document.RootElement.TryGetProperty("items", out var items)
                ? items.Deserialize<List<SignedHead>>(options)!
                : [document.RootElement.Deserialize<SignedHead>(options)!];
            return heads.ConvertAll(Of);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("The file holds no tree heads.", malformed);
        }
    }

    private static TreeHead Of(SignedHead kept)
    {
        if (kept is not { Root: not null, KeyId: not null, SignedText: not null, Signature: not null })
        {
            throw new FormatException("The file holds no tree heads.");
        }

        var head = TreeHead.Of(kept.Size, Convert.FromHexString(kept.Root), kept.At, kept.KeyId, _ => Convert.FromBase64String(kept.Signature));
        return Encoding.UTF8.GetString(head.SignedBytes()) == kept.SignedText
            ? head
            : throw new FormatException($"The tree head of size {kept.Size} is not what was signed.");
    }
}
