using System.Reflection;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Screening;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Evidence.Store.S3;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Features.Moderation.DecideReport;
using ReportIntake.Web.Features.Moderation.Exposure;
using ReportIntake.Web.Features.Moderation.ReviewQueue;
using ReportIntake.Web.Features.Moderation.TeamView;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Features.Police.Webhooks;
using ReportIntake.Web.Health;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Settings;

/// <summary>Which section of the configuration is read by which class. A section that is missing here is not checked for slips; a test looks for that.</summary>
public static class KnownSettings
{
    public static IReadOnlyDictionary<string, Type> Sections { get; } = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        ["ReportIntake"] = typeof(DataDirectoryOptions),
        ["Database"] = typeof(DatabaseOptions),
        ["KeyRing"] = typeof(KeyRingOptions),
        ["Evidence"] = typeof(EvidenceOptions),
        ["Evidence:S3"] = typeof(S3Options),
        ["Evidence:Screening"] = typeof(ScreeningOptions),
        ["Evidence:Recognition"] = typeof(RecognitionOptions),
        ["Staff"] = typeof(StaffOptions),
        ["Desk"] = typeof(UndoOptions),
        ["Desk:Escalation"] = typeof(EscalationOptions),
        ["Desk:Exposure"] = typeof(ExposureOptions),
        ["Desk:Viewing"] = typeof(ViewingOptions),
        ["Desk:Stream"] = typeof(QueueStreamOptions),
        ["Desk:Shifts"] = typeof(ShiftOptions),
        ["Police"] = typeof(PoliceAccessOptions),
        ["Proxy"] = typeof(ProxyOptions),
        ["RateLimits"] = typeof(RateLimitsOptions),
        ["Webhooks"] = typeof(WebhookOptions),
        ["Feed"] = typeof(FeedOptions),
        ["Jobs"] = typeof(JobsOptions),
        ["Ledger"] = typeof(LedgerOptions),
        ["Health"] = typeof(HealthOptions),
    };

    /// <summary>What configuration sets of a class: properties that can be written, and lists that can be filled.</summary>
    internal static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true } || ElementOf(p.PropertyType) is not null);

    /// <summary>Of a list its elements' type; null where it is no list.</summary>
    internal static Type? ElementOf(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? type.GetGenericArguments()[0] : null;

    /// <summary>A class of this program's own, with settings inside.</summary>
    internal static bool IsGroup(Type type) => type is { IsClass: true } && type.Assembly == typeof(KnownSettings).Assembly;
}
