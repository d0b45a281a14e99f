using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>What the queue is made of, and its live routes.</summary>
internal static class QueueEndpoints
{
    public static IServiceCollection AddReviewQueue(this IServiceCollection services)
    {
        services.AddOptions<EscalationOptions>().BindConfiguration("Desk:Escalation")
            .Validate(o => o.IsValid, "Desk:Escalation: Roles are moderator or supervisor, and no warning is negative.").ValidateOnStart();
        services.AddOptions<QueueStreamOptions>().BindConfiguration("Desk:Stream").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<QueueCounter>();
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<QueueWatch>().AddHostedService(provider => provider.GetRequiredService<QueueWatch>());
        return services.AddSingleton<QueueStream>().AddScoped<QueueReader>();
    }

    public static void MapQueueStream(this IEndpointRouteBuilder queue)
    {
        queue.MapGet("/counts", CountAsync).WithName("CountQueue").WithSummary("How many reports are where on the desk, and how many are overdue.").Produces<QueueCounts>();
        queue.MapGet("/stream", StreamAsync).WithName("StreamQueue").WithSummary("The queue's changes as they happen, as server-sent events.")
            .WithDescription("Events of the type queue: the counts, and which reports have changed, without content. It ends with the session; every heartbeat tells the counts again.")
            .Produces<QueueNews>(contentType: "text/event-stream");
    }

    private static async Task<IHttpResult> CountAsync(QueueCounter counter, CancellationToken ct) => TypedResults.Ok(await counter.CountAsync(ct));

    private static async Task<IHttpResult> StreamAsync(HttpContext context, QueueStream stream, CancellationToken ct)
    {
        var session = await context.AuthenticateAsync();
        context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold the events back
        return TypedResults.ServerSentEvents(stream.ReadAsync(context.User, session.Properties?.ExpiresUtc, ct));
    }
}
