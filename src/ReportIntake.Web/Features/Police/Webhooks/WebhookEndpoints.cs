using System.Net;
using MediatR;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Jobs.Webhooks;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Security;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>The feed, pushed. A client sees and changes its own webhooks only; another's do not exist for it.</summary>
public static class WebhookEndpoints
{
    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").RequireAuthorization(PoliceScopes.ManageWebhooks);
        webhooks.MapGet("", List).Named("listWebhooks", "The client's webhooks").Produces<Page>();
        webhooks.MapPost("", Add).Named("addWebhook", "A new address to push the feed to; its secret is shown this once")
            .RequireAuthorization(PoliceScopes.ReadReports) // who may not read the feed would be pushed nothing, for ever
            .Produces<AddWebhook.Answer>(201).Problems(400, 409, 410);

        var one = webhooks.MapGroup("/{id:guid}").Problems(404);
        one.MapGet("", Read).Named("readWebhook", "One webhook, and how it is doing").Produces<WebhookView>();
        one.MapDelete("", Delete).Named("deleteWebhook", "Ends a webhook, with its secrets and its log").Produces(204);
        one.MapGet("/deliveries", Deliveries).Named("listWebhookDeliveries", "What became of the events, newest first, with every attempt")
            .Produces<ListDeliveries.Page>().Problems(400);
        one.MapPost("/replay", Replay).Named("replayWebhookEvents", "Events once more: by id, by time, or all after a cursor of the feed")
            .Produces<ReplayEvents.Answer>(202).Problems(400, 410);
        one.MapPost("/test", Test).Named("testWebhook", "One call at once with an event of type webhook.test").Produces<TestWebhook.Answer>();
        one.MapPost("/secrets", Rotate).Named("rotateWebhookSecret", "A new secret; older ones sign too until they expire")
            .Produces<RotateSecret.Answer>(201).Problems(400, 409);
        one.MapPost("/enable", Enable).Named("enableWebhook", "The receiver is back: go on where it stopped").Produces<WebhookView>();
    }

    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration("Webhooks").ValidateDataAnnotations()
            .Validate(o => o.AllowedNetworks.All(n => IPNetwork.TryParse(n, out _)), "Webhooks:AllowedNetworks holds something that is no network, such as 10.20.0.0/16.")
            .Validate(o => o.Lease >= 2 * o.Timeout, "Webhooks:Lease must be at least twice Webhooks:Timeout.")
            .ValidateOnStart();
        services.AddSingleton<ReceiverAddresses>();
        services.AddSingleton<ReceiverUrl>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookSignal>();
        services.AddScoped<TestWebhook>();
        services.AddScoped<ListDeliveries>();
        services.AddScoped<WebhookWork>();
        services.AddScoped<WebhookTurn>();
        return services;
    }

    /// <param name="NextCursor">Always null: a client has few.</param>
    public sealed record Page(IReadOnlyList<WebhookView> Items, string? NextCursor);

    private static async Task<IHttpResult> List(PoliceClientAccess client, ReportIntakeDbContext database, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new Page(await WebhookView.OfClientAsync(database, client.ClientId, clock.GetUtcNow(), ct), null));

    private static async Task<IHttpResult> Add(AddWebhook.Body body, PoliceClientAccess client, IMediator mediator, WebhookSignal signal, CancellationToken ct)
    {
        var result = await mediator.Send(new AddWebhook.Command(client.ClientId, body.Url, body.After), ct);
        return Signalled(result, signal).ToHttp(a => TypedResults.Created($"/api/v1/webhooks/{a.Id}", a));
    }

    private static async Task<IHttpResult> Read(Guid id, PoliceClientAccess client, ReportIntakeDbContext database, TimeProvider clock, CancellationToken ct) =>
        (await WebhookView.OfClientAsync(database, client.ClientId, clock.GetUtcNow(), ct, id)) is [var one] ? TypedResults.Ok(one) : WebhookErrors.NotFound.ToProblem();

    private static async Task<IHttpResult> Delete(Guid id, PoliceClientAccess client, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new DeleteWebhook.Command(client.ClientId, id), ct)).ToHttp();

    private static async Task<IHttpResult> Deliveries(Guid id, [AsParameters] ListDeliveries.Query query, PoliceClientAccess client, ListDeliveries deliveries, CancellationToken ct) =>
        (await deliveries.ReadAsync(client.ClientId, id, query, ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> Replay(Guid id, ReplayEvents.Body body, PoliceClientAccess client, IMediator mediator, WebhookSignal signal, CancellationToken ct)
    {
        var result = await mediator.Send(new ReplayEvents.Command(client, id, body.EventIds, body.FromCursor, body.From, body.To), ct);
        return Signalled(result, signal).ToHttp(a => TypedResults.Accepted((string?)null, a));
    }

    private static async Task<IHttpResult> Test(Guid id, PoliceClientAccess client, TestWebhook test, CancellationToken ct) =>
        (await test.SendAsync(client.ClientId, id, ct)).ToHttp(TypedResults.Ok);

    private static async Task<IHttpResult> Rotate(Guid id, RotateSecret.Body? body, PoliceClientAccess client, IMediator mediator, CancellationToken ct) =>
        (await mediator.Send(new RotateSecret.Command(client.ClientId, id, body?.OverlapHours), ct)).ToHttp(a => TypedResults.Created((string?)null, a));

    private static async Task<IHttpResult> Enable(
        Guid id, PoliceClientAccess client, IMediator mediator, ReportIntakeDbContext database, WebhookSignal signal, TimeProvider clock, CancellationToken ct)
    {
        var result = await mediator.Send(new EnableWebhook.Command(client.ClientId, id), ct);
        signal.Set();
        return result.IsSuccess ? await Read(id, client, database, clock, ct) : result.Error.ToProblem();
    }

    private static Result<T> Signalled<T>(Result<T> result, WebhookSignal signal)
    {
        if (result.IsSuccess)
        {
            signal.Set();
        }

        return result;
    }
}
