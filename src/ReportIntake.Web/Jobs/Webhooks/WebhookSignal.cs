namespace ReportIntake.Web.Jobs.Webhooks;

/// <summary>A webhook has work for another reason than a new event: a replay, a new address, a turn that has ended.</summary>
public sealed class WebhookSignal : Signal;
