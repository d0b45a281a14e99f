using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;

namespace ReportIntake.Web.Features.Intake.TrackReport;

/// <summary>The report that the request's receipt code opens: <c>Authorization: Receipt XXXX-XXXX-XXXX-XXXX-C</c>.</summary>
public sealed record Receipt(Guid ReportId)
{
    public static ValueTask<Receipt?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Receipt>());
}

public static class ReceiptAuthorization
{
    private const string Scheme = "Receipt ";

    public static readonly Error Missing = new("receipt_code_missing", ErrorKind.Unauthenticated, "Send the receipt code as 'Authorization: Receipt <code>'.");

    /// <summary>Opens a route to the holder of a receipt code only.</summary>
    public static RouteGroupBuilder RequireReceipt(this RouteGroupBuilder group)
    {
        // Metadata for the middleware below, not an endpoint filter: parameters are bound before filters run.
        group.WithMetadata(new ReceiptRequired());
        return group;
    }

    /// <summary>Reads the header before the endpoint binds its parameters.</summary>
    public static IApplicationBuilder UseReceipts(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ReceiptRequired>() is null)
        {
            await next(context);
            return;
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.WWWAuthenticate = "Receipt";
            await Problems.WriteAsync(context, Missing);
            return;
        }

        var found = await context.RequestServices.GetRequiredService<ReceiptLookup>().FindAsync(header[Scheme.Length..], context.RequestAborted);
        if (!found.IsSuccess)
        {
            await Problems.WriteAsync(context, found.Error);
            return;
        }

        context.Features.Set(new Receipt(found.Value));
        await next(context);
    });

    internal sealed record ReceiptRequired;
}
