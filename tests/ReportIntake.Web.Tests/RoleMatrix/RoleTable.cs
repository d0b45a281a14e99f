namespace ReportIntake.Web.Tests.RoleMatrix;

/// <summary>
/// Who gets what. <c>ok</c>: the route does its work or refuses for the state things are in; <c>sign-in</c>: led to the
/// sign-in page; else the status (the status form, sent without a code, finds nothing). <c>police</c> is a client with all scopes in the report's area, <c>elsewhere</c> one with
/// all scopes in another, <c>unscoped</c> one in the area without the scope. Two callers have no column: a child-safety
/// moderator gets what a moderator gets, and an auditor what all staff get alike, the ledger to read, and the numbers of the team.
/// </summary>
internal static class RoleTable
{
    private const string Table = """
        # route                                                                           anonymous  receipt    moderator  supervisor custodian  admin      police     elsewhere  unscoped

        # Open to all
        GET /                                                                             ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /en                                                                           ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /bantuan                                                                      ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /en/help                                                                      ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /lapor                                                                        ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /en/report                                                                    ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /lapor/selesai                                                                ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /en/report/done                                                               ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /status                                                                       ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /en/status                                                                    ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /statistik                                                                    ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /en/statistics                                                                ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /galat/{status:int?}                                                          404         404         404         404         404         404         404         404         404
        GET /en/error/{status:int?}                                                       404         404         404         404         404         404         404         404         404
        GET /staff/sign-in                                                                ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /staff/language                                                               ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /                                                                            ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /en                                                                          ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /bantuan                                                                     ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /en/help                                                                     ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /lapor                                                                       ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /en/report                                                                   ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /lapor/selesai                                                               ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /en/report/done                                                              ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /status                                                                      404         404         404         404         404         404         404         404         404
        POST /en/status                                                                   404         404         404         404         404         404         404         404         404
        POST /statistik                                                                   ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /en/statistics                                                               ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /galat/{status:int?}                                                         404         404         404         404         404         404         404         404         404
        POST /en/error/{status:int?}                                                      404         404         404         404         404         404         404         404         404
        POST /staff/sign-in                                                               ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /staff/sign-in/provider                                                       sign-in    sign-in    sign-in    sign-in    sign-in    sign-in    sign-in    sign-in    sign-in
        GET /staff/sign-in/callback                                                       ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /staff/sign-in/callback                                                      ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /staff/invitation                                                             ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /staff/invitation                                                            ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /staff/language                                                              ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /health/live                                                                  ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /health/ready                                                                 ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /openapi/{documentName}.json                                                  ok         ok         ok         ok         ok         ok         ok         ok         ok
        HEAD /openapi/{documentName}.json                                                 ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /api/v1/catalogue                                                             ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /api/v1/statistics                                                            ok         ok         ok         ok         ok         ok         ok         ok         ok
        GET /api/v1/signing-key                                                           ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /api/v1/reports                                                              ok         ok         ok         ok         ok         ok         ok         ok         ok
        OPTIONS /api/v1/uploads                                                           ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /api/v1/uploads                                                              ok         ok         ok         ok         ok         ok         ok         ok         ok
        OPTIONS /api/v1/uploads/{uploadId}                                                ok         ok         ok         ok         ok         ok         ok         ok         ok
        HEAD /api/v1/uploads/{uploadId}                                                   ok         ok         ok         ok         ok         ok         ok         ok         ok
        PATCH /api/v1/uploads/{uploadId}                                                  ok         ok         ok         ok         ok         ok         ok         ok         ok
        DELETE /api/v1/uploads/{uploadId}                                                 ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /api/v1/uploads/{uploadId}                                                   ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /api/v1/staff/login                                                          ok         ok         ok         ok         ok         ok         ok         ok         ok
        POST /api/v1/staff/refresh                                                        ok         ok         ok         ok         ok         ok         ok         ok         ok

        # By receipt code
        GET /api/v1/receipt                                                               401        ok         401        401        401        401        401        401        401
        POST /api/v1/receipt/messages                                                     401        ok         401        401        401        401        401        401        401
        POST /api/v1/receipt/evidence                                                     401        ok         401        401        401        401        401        401        401
        POST /api/v1/receipt/withdrawal                                                   401        ok         401        401        401        401        401        401        401
        GET /api/v1/receipt/proof                                                         401        ok         401        401        401        401        401        401        401

        # One's own account
        GET /staff/account                                                                sign-in    sign-in    ok         ok         ok         ok         403        403        403
        POST /staff/account                                                               sign-in    sign-in    ok         ok         ok         ok         403        403        403
        GET /staff/account/passkeys                                                       sign-in    sign-in    ok         ok         ok         ok         403        403        403
        POST /staff/account/passkeys                                                      sign-in    sign-in    ok         ok         ok         ok         403        403        403
        GET /staff/account/sessions                                                       sign-in    sign-in    ok         ok         ok         ok         403        403        403
        POST /staff/account/sessions                                                      sign-in    sign-in    ok         ok         ok         ok         403        403        403
        GET /api/v1/staff/sessions                                                        401        401        ok         ok         ok         ok         403        403        403
        DELETE /api/v1/staff/sessions/{sessionId:guid}                                    401        401        404        404        404        404        403        403        403
        DELETE /api/v1/staff/sessions                                                     401        401        ok         ok         ok         ok         403        403        403
        GET /staff/sign-out                                                               sign-in    sign-in    ok         ok         ok         ok         403        403        403
        POST /staff/sign-out                                                              sign-in    sign-in    ok         ok         ok         ok         403        403        403
        POST /api/v1/staff/logout                                                         401        401        ok         ok         ok         ok         403        403        403

        # Moderation
        GET /staff/queue                                                                  sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/queue                                                                 sign-in    sign-in    ok         ok         403        403        403        403        403
        GET /staff/reports/{id:guid}                                                      sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/reports/{id:guid}                                                     sign-in    sign-in    ok         ok         403        403        403        403        403
        GET /staff/reports/{id:guid}/evidence/{evidenceId:guid}                           sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/reports/{id:guid}/evidence/{evidenceId:guid}                          sign-in    sign-in    ok         ok         403        403        403        403        403
        GET /api/v1/moderation/queue                                                      401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/queue/next                                                401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/queue/counts                                               401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/queue/stream                                               401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/leave                                   401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}                                          401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/claim                                   401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/release                                 401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/request-information                     401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/verify                                  401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/reject                                  401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/mark-duplicate                          401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/undo                                    401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/retriage                                401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/notes                                   401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/evidence/{evidenceId:guid}/metadata      401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/evidence/{evidenceId:guid}/thumbnail     401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/evidence/{evidenceId:guid}/contact-sheet 401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/evidence/{evidenceId:guid}/working-copy  401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/reopen                                  401        401        403        ok         403        403        403        403        403
        GET /api/v1/moderation/exposure                                                   401        401        403        ok         403        403        403        403        403
        GET /api/v1/moderation/exposure/mine                                              401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/exposure/viewing                                          401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/exposure/hidden                                           401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/exposure/{staffId:guid}/override                          401        401        403        ok         403        403        403        403        403
        GET /staff/exposure                                                               sign-in    sign-in    403        ok         403        403        403        403        403
        POST /staff/exposure                                                              sign-in    sign-in    403        ok         403        403        403        403        403
        GET /staff/account/viewing                                                        sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/account/viewing                                                       sign-in    sign-in    ok         ok         403        403        403        403        403
        GET /staff/team                                                                   sign-in    sign-in    403        ok         403        403        403        403        403
        POST /staff/team                                                                  sign-in    sign-in    403        ok         403        403        403        403        403
        GET /api/v1/moderation/team                                                       401        401        403        ok         403        403        403        403        403
        GET /staff/desk                                                                   sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/desk                                                                  sign-in    sign-in    ok         ok         403        403        403        403        403
        GET /staff/reports/{id:guid}/police                                               sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/reports/{id:guid}/police                                              sign-in    sign-in    ok         ok         403        403        403        403        403
        GET /api/v1/moderation/desk                                                       401        401        ok         ok         403        403        403        403        403
        GET /api/v1/moderation/search                                                     401        401        ok         ok         403        403        403        403        403
        GET /staff/search                                                                 sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /staff/search                                                                sign-in    sign-in    ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/desk/{followUpId:guid}/pass-on          401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/desk/{followUpId:guid}/decline          401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/lift-hold                               401        401        403        ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/referrals                                401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/referrals                               401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/referrals/{referralId:guid}/state       401        401        ok         ok         403        403        403        403        403
        POST /api/v1/moderation/reports/{id:guid}/close                                   401        401        403        ok         403        403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/evidence/{evidenceId:guid}/original      401        401        403        403        ok         403        403        403        403
        GET /api/v1/moderation/reports/{id:guid}/evidence/{evidenceId:guid}/metadata-sheet 401        401        403        403        ok         403        403        403        403

        # Police systems
        GET /api/v1/reports                                                               401        401        403        403        403        403        ok         ok         403
        GET /api/v1/events                                                                401        401        403        403        403        403        ok         ok         403
        GET /api/v1/reports/{id:guid}                                                     401        401        403        403        403        403        ok         404        403
        GET /api/v1/reports/{id:guid}/evidence/{evidenceId:guid}/original                 401        401        403        403        403        403        ok         404        403
        GET /api/v1/reports/{id:guid}/package                                             401        401        403        403        403        403        ok         404        403
        GET /api/v1/reports/{id:guid}/evidence/{evidenceId:guid}/metadata                 401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/acknowledgement                                    401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/return                                             401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/risk-assessments                                   401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/notes                                              401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/outcome                                            401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/retriage                                           401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/questions                                          401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/preservation                                       401        401        403        403        403        403        ok         404        403
        POST /api/v1/reports/{id:guid}/preservation/release                               401        401        403        403        403        403        ok         404        403
        GET /api/v1/reports/export                                                        401        401        403        403        403        403        ok         ok         403
        GET /api/v1/reports/statistics                                                    401        401        403        403        403        403        ok         ok         403

        # Police systems: what they are pushed (the client without the scope has this one)
        GET /api/v1/webhooks                                                              401        401        403        403        403        403        ok         ok         ok
        POST /api/v1/webhooks                                                             401        401        403        403        403        403        ok         ok         403
        GET /api/v1/webhooks/{id:guid}                                                    401        401        403        403        403        403        ok         404        404
        DELETE /api/v1/webhooks/{id:guid}                                                 401        401        403        403        403        403        ok         404        404
        GET /api/v1/webhooks/{id:guid}/deliveries                                         401        401        403        403        403        403        ok         404        404
        POST /api/v1/webhooks/{id:guid}/replay                                            401        401        403        403        403        403        ok         404        404
        POST /api/v1/webhooks/{id:guid}/test                                              401        401        403        403        403        403        ok         404        404
        POST /api/v1/webhooks/{id:guid}/secrets                                           401        401        403        403        403        403        ok         404        404
        POST /api/v1/webhooks/{id:guid}/enable                                            401        401        403        403        403        403        ok         404        404

        # Administration
        GET /staff/admin/staff                                                            sign-in    sign-in    403        403        403        ok         403        403        403
        POST /staff/admin/staff                                                           sign-in    sign-in    403        403        403        ok         403        403        403
        GET /staff/admin/clients                                                          sign-in    sign-in    403        403        403        ok         403        403        403
        POST /staff/admin/clients                                                         sign-in    sign-in    403        403        403        ok         403        403        403
        GET /api/v1/admin/staff                                                           401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/staff                                                          401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/staff/invitations                                              401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/staff/{id:guid}/invitation                                     401        401        403        403        403        ok         403        403        403
        PUT /api/v1/admin/staff/{id:guid}/roles                                           401        401        403        403        403        ok         403        403        403
        DELETE /api/v1/admin/staff/{id:guid}                                              401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/clients                                                         401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/hash-lists                                                      401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/hash-lists                                                     401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/clients                                                        401        401        403        403        403        ok         403        403        403
        DELETE /api/v1/admin/clients/{id:guid}                                            401        401        403        403        403        ok         403        403        403
        PUT /api/v1/admin/clients/{id:guid}                                               401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/clients/{id:guid}/keys                                         401        401        403        403        403        ok         403        403        403
        DELETE /api/v1/admin/clients/{id:guid}/keys/{keyId:guid}                          401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/catalogue                                                       401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/unrouted                                                        401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/retention                                                       401        401        403        403        403        ok         403        403        403
        PUT /api/v1/admin/retention                                                       401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/ledger                                                          401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/ledger/entries                                                  401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/ledger/tree-heads                                               401        401        403        403        403        ok         403        403        403
        POST /api/v1/admin/ledger/tree-heads                                              401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/ledger/tree-heads/{size:long}                                   401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/ledger/inclusion/{entry}                                        401        401        403        403        403        ok         403        403        403
        GET /api/v1/admin/ledger/consistency                                              401        401        403        403        403        ok         403        403        403
        """;

    private static readonly string[][] Lines = [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    private static readonly string[] Columns = Lines[0][2..];

    public static readonly IReadOnlyList<string> Callers = [.. Columns, "child_safety", "auditor"];

    /// <summary>By method and route, the verdicts in the order of <see cref="Callers"/>.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Rows = Lines
        .Where(line => line[0] != "#")
        .ToDictionary(line => $"{line[0]} {line[1]}", line => (string[])[.. line[2..], Of("moderator", line[2..]), Auditor(line[0], line[1], line[2..])]);

    private static string Of(string caller, string[] verdicts) => verdicts[Array.IndexOf(Columns, caller)];

    private static string Auditor(string method, string route, string[] verdicts) =>
        new[] { "moderator", "supervisor", "custodian", "admin" }.Select(caller => Of(caller, verdicts)).Distinct().ToList() is [var alike] ? alike
        : route is "/staff/team" or "/api/v1/moderation/team" ? Of("supervisor", verdicts)
        : method == "GET" && route.StartsWith("/api/v1/admin/ledger", StringComparison.Ordinal) ? "ok"
        : "403";
}
