using System.Globalization;
using ReportIntake.Domain.Results;

namespace ReportIntake.Domain.Webhooks;

/// <summary>Every refusal about webhooks, with its permanent code.</summary>
public static class WebhookErrors
{
    public static readonly Error NotFound = new("webhook_not_found", ErrorKind.NotFound, "No such webhook.");

    public static readonly Error TooMany = Limited("webhooks_too_many", $"A client has at most {Webhook.MostOfOneClient} webhooks.", Webhook.MostOfOneClient);

    public static readonly Error TooManySecrets =
        Limited("webhook_secrets_too_many", $"At most {Webhook.MostSecrets} secrets are valid at a time. Wait until an old one has expired.", Webhook.MostSecrets);

    private static Error Limited(string code, string message, int max) => new(code, ErrorKind.Conflict, message)
    {
        Arguments = new Dictionary<string, string> { ["max"] = max.ToString(CultureInfo.InvariantCulture) },
    };
}
