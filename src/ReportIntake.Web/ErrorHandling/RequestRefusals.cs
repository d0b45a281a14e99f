using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.ErrorHandling;

/// <summary>What the API refuses before any route is asked: bodies that are too large, and methods and content types that no route takes.</summary>
public static class RequestRefusals
{
    /// <summary>Bytes of a JSON body: many times the longest report there can be. Uploads state their own limit.</summary>
    public const int MaxJsonBody = 256 * 1024;

    public static readonly Error TooLarge = new("request_too_large", ErrorKind.TooLarge, "The request is too large.");
    public static readonly Error ContentType = new("content_type_not_accepted", ErrorKind.UnsupportedMedia, "The content type is not accepted here.");
    internal static readonly Error MethodNotAllowed = new("method_not_allowed", ErrorKind.MethodNotAllowed, "The method is not allowed here; the Allow header names those that are.");

    /// <summary>
    /// Call it before authorization. Routing stands endpoints of its own in for 405 and 415; they carry no policy, so that
    /// the fallback would answer 401 to a mistyped method, and have no marker but their names.
    /// </summary>
    public static IApplicationBuilder UseRequestRefusals(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        var endpoint = context.GetEndpoint();
        switch (endpoint?.DisplayName)
        {
            case "405 HTTP Method Not Supported":
                await endpoint.RequestDelegate!(context); // names the methods
                await Problems.WriteAsync(context, MethodNotAllowed);
                return;
            case "415 HTTP Unsupported Media Type":
                await Problems.WriteAsync(context, ContentType);
                return;
        }

        if (endpoint?.Metadata.GetMetadata<IAcceptsMetadata>() is not null && !IsUtf8(context.Request.ContentType))
        {
            await Problems.WriteAsync(context, ContentType);
            return;
        }

        if (endpoint?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is null
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxJsonBody;
        }

        await next(context);

        // Minimal APIs answer a body that grows too large with the bare status, whatever ThrowOnBadRequest says.
        if (!context.Response.HasStarted && context.Response.ContentType is null)
        {
            switch (context.Response.StatusCode)
            {
                case StatusCodes.Status413PayloadTooLarge:
                    await Problems.WriteAsync(context, TooLarge);
                    break;
                case StatusCodes.Status405MethodNotAllowed:
                    await Problems.WriteAsync(context, MethodNotAllowed);
                    break;
            }
        }
    });

    /// <summary>JSON is UTF-8 (RFC 8259, 8.1). The framework would recode other charsets, and throws at one that it does not know.</summary>
    private static bool IsUtf8(string? contentType) =>
        !MediaTypeHeaderValue.TryParse(contentType, out var type)
        || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
