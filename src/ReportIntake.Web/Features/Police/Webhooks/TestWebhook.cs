using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.Persistence;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>One call at once with an event that means nothing, signed like any other. It changes no state and is not tried again.</summary>
public sealed class TestWebhook(ReportIntakeDbContext database, WebhookSecrets secrets, WebhookSender sender, IOptions<JsonOptions> json, TimeProvider clock)
{
    /// <summary>Of no event of the feed.</summary>
    public const string EventType = "webhook.test";

    /// <param name="Delivered">The receiver answered 2xx.</param>
    public sealed record Answer(Guid EventId, bool Delivered, int? Status, WebhookFailure? Failure, int Milliseconds);

    private sealed record Ping(string Specversion, Guid Id, string Source, string Type, Guid Subject, DateTimeOffset Time);

    public async Task<Result<Answer>> SendAsync(Guid clientId, Guid webhookId, CancellationToken ct)
    {
        var url = await database.Webhooks.Where(w => w.Id == webhookId && w.ClientId == clientId).Select(w => w.Url).SingleOrDefaultAsync(ct);
        if (url is null)
        {
            return WebhookErrors.NotFound;
        }

        var now = clock.GetUtcNow();
        var ping = new Ping("1.0", Guid.CreateVersion7(now), "/api/v1", EventType, webhookId, now);
        var answer = await sender.SendAsync(
            url, await secrets.OpenAsync(database, webhookId, now, ct), ping.Id, JsonSerializer.SerializeToUtf8Bytes(ping, json.Value.SerializerOptions), ct);
        return new Answer(ping.Id, answer.Attempt.Failure is null, answer.Attempt.Status, answer.Attempt.Failure, answer.Attempt.Milliseconds);
    }
}
