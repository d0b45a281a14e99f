using ReportIntake.Domain;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Web.Tests.Police.Matrix;

/// <summary>
/// Every route of police systems: the scopes it needs, what its success leaves in the ledger, and what it does in each
/// state that the police see. In the other states, and outside its areas, a report does not exist for a client (404).
/// Content is an action of the ledger: each read is a custody event. <c>thin</c>: ids and codes only, and no event.
/// States are for routes under a report; a list (<c>-</c>) shows the reports in sight and no other; <c>own</c> is what
/// belongs to the client itself, for which areas and states are nothing.
/// </summary>
internal static class PoliceTable
{
    private const string Table = """
        # route                                                            scope                         content                   verified  in_follow_up  resolved  closed
        GET /api/v1/reports                                                reports.read                  thin                      -         -             -         -
        GET /api/v1/reports/export                                         reports.read                  reports_exported          -         -             -         -
        GET /api/v1/reports/statistics                                     reports.read                  thin                      own       own           own       own
        GET /api/v1/events                                                 reports.read                  thin                      -         -             -         -
        GET /api/v1/reports/{id:guid}                                      reports.read                  report_read               200       200           200       200
        GET /api/v1/reports/{id:guid}/evidence/{evidenceId:guid}/original  evidence.read                 original_read             200       200           200       200
        GET /api/v1/reports/{id:guid}/evidence/{evidenceId:guid}/metadata  evidence.read                 metadata_sheet_read       200       200           200       200
        GET /api/v1/reports/{id:guid}/package                              reports.read+evidence.read    package_handed_over       200       200           200       200
        POST /api/v1/reports/{id:guid}/acknowledgement                     follow_up.write               acknowledged              200       409           409       409
        POST /api/v1/reports/{id:guid}/return                              follow_up.write               returned                  200       200           409       409
        POST /api/v1/reports/{id:guid}/risk-assessments                    follow_up.write               risk_assessment_recorded  409       200           409       409
        POST /api/v1/reports/{id:guid}/notes                               follow_up.write               follow_up_note_added      409       200           409       409
        POST /api/v1/reports/{id:guid}/outcome                             follow_up.write               outcome_recorded          409       200           409       409
        POST /api/v1/reports/{id:guid}/retriage                            follow_up.write               retriaged                 200       200           409       409
        POST /api/v1/reports/{id:guid}/questions                           follow_up.write               question_asked            409       200           409       409
        POST /api/v1/reports/{id:guid}/preservation                        follow_up.write               legal_hold_placed         200       200           200       200
        POST /api/v1/reports/{id:guid}/preservation/release                follow_up.write               legal_hold_lifted         409       409           409       409
        GET /api/v1/webhooks                                               webhooks.manage               thin                      own       own           own       own
        POST /api/v1/webhooks                                              webhooks.manage+reports.read  thin                      own       own           own       own
        GET /api/v1/webhooks/{id:guid}                                     webhooks.manage               thin                      own       own           own       own
        DELETE /api/v1/webhooks/{id:guid}                                  webhooks.manage               thin                      own       own           own       own
        GET /api/v1/webhooks/{id:guid}/deliveries                          webhooks.manage               thin                      own       own           own       own
        POST /api/v1/webhooks/{id:guid}/replay                             webhooks.manage               thin                      own       own           own       own
        POST /api/v1/webhooks/{id:guid}/test                               webhooks.manage               thin                      own       own           own       own
        POST /api/v1/webhooks/{id:guid}/secrets                            webhooks.manage               thin                      own       own           own       own
        POST /api/v1/webhooks/{id:guid}/enable                             webhooks.manage               thin                      own       own           own       own
        """;

    public const string Thin = "thin";

    private static readonly string[][] Lines = [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static readonly ReportState[] States = [.. Lines[0][4..].Select(EnumNames.Parse<ReportState>)];

    /// <summary>By method and route.</summary>
    public static readonly IReadOnlyDictionary<string, Row> Rows = Lines[1..]
        .ToDictionary(line => $"{line[0]} {line[1]}", line => new Row(line[0], line[1], line[2].Split('+'), line[3], line[4..]));

    public sealed record Row(string Method, string Path, IReadOnlyList<string> Scopes, string Content, IReadOnlyList<string> ByState)
    {
        public bool IsOwn => ByState[0] == "own";

        public bool IsList => ByState[0] == "-";

        /// <summary>The status for a client with the scope whose areas cover the report.</summary>
        public int Expected(ReportState state) => state.IsVisibleToPolice() ? int.Parse(ByState[Array.IndexOf(States, state)], null) : 404;
    }
}
