using System.Text.Json.Nodes;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Features.Moderation.TeamView;

/// <summary>The ledger keeps a decision and that it was undone seconds later; the team's numbers have neither.</summary>
internal static class UndoneStep
{
    /// <summary>What was done, or what was undone where the ledger's details say so.</summary>
    /// <param name="details">Of an entry that undoes; null of any other.</param>
    public static ReportAction Of(string action, string? details) =>
        EnumNames.Parse<ReportAction>(details is null ? action : JsonNode.Parse(details)![ReportEvent.Undone]!.GetValue<string>());
}
