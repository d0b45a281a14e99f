namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>A table of reports on the queue's page. <paramref name="Mine"/>: the reader holds them all.</summary>
public sealed record Rows(IReadOnlyList<QueueItem> Items, QueueModel Page, bool Mine);
