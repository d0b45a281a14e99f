using Microsoft.Net.Http.Headers;
using ReportIntake.Domain.Evidence;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Store;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.ViewEvidence;

/// <summary>How evidence goes over the wire: decrypted, by ranges, kept by nobody, and never run as anything but what it is.</summary>
public static class EvidenceBytes
{
    /// <summary>Should a copy ever be opened as a document, it may do nothing at all.</summary>
    private const string Policy = "default-src 'none'; sandbox; frame-ancestors 'none'";

    /// <param name="downloadName">Makes it a file to save; without it, it is shown in place.</param>
    public static async Task<IHttpResult> SendAsync(HttpContext context, IEvidenceStore store, BlobKey key, string mediaType, string? downloadName)
    {
        if (await store.OpenReadAsync(key, context.RequestAborted) is not { } content)
        {
            return EvidenceErrors.NotViewable.ToProblem();
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        if (downloadName is null)
        {
            headers.ContentDisposition = "inline";
        }

        return TypedResults.Stream(content, mediaType, downloadName, enableRangeProcessing: true);
    }

    /// <summary>The one range that a request asks for, in a form fit for the ledger; null where it asks for the whole.</summary>
    public static string? RangeOf(HttpRequest request) =>
        RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) && range.Ranges.Count == 1 ? range.Ranges.First().ToString() : null;
}
