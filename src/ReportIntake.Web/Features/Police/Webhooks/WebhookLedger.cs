using ReportIntake.Domain;
using ReportIntake.Domain.Custody;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>What is recorded of a webhook: that reports are told to an address, and since when no longer, is custody.</summary>
public static class WebhookLedger
{
    public static LedgerEntry Entry(Actor actor, string action, Guid webhookId, Guid clientId, DateTimeOffset now, params (string Key, string Value)[] details)
    {
        var all = details.ToDictionary(d => d.Key, d => d.Value);
        (all["webhookId"], all["clientId"]) = (webhookId.ToString(), clientId.ToString());
        return LedgerEntry.Write(actor, action, null, null, all, now);
    }
}
