using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.RateLimiting;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Referrals;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Webhooks;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Ledger;
using ReportIntake.Web.Features.Administration;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Features.Administration.HashLists;
using ReportIntake.Web.Features.Intake.TrackReport;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Features.Police;
using ReportIntake.Web.Features.Police.ChangeFeed;
using ReportIntake.Web.Features.Police.HandOver;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.OpenApi;

/// <summary>
/// Which refusals a route can answer: those that follow from what it is (its policy, its body, its headers), and those that
/// its use case adds, named by the very <see cref="Error"/> values that are answered. Statuses, codes and texts of the
/// description come from them. That no code is missing is what the tests with malformed calls look at.
/// </summary>
internal static class RouteErrors
{
    private static readonly Error Validation = Error.Validation([]);
    private static readonly Error Refused = ReportErrors.TransitionRefused("acknowledge", ReportState.Received);

    /// <summary>What a moderator's action on a report that must be claimed first can meet.</summary>
    private static readonly Error[] Claimed =
        [Refused, ReportErrors.ClaimRequired, ReportErrors.ClaimedByAnother, ReportErrors.ClaimExpired, ReportErrors.SecondVoteBySamePerson];

    private static readonly Error[] Receiving =
    [
        UploadErrors.VersionNotSupported, UploadErrors.Checksum, UploadErrors.Length, UploadErrors.LengthExceeded, UploadErrors.LengthInconsistent,
        UploadErrors.Completeness, UploadErrors.Offset, UploadErrors.OffsetMismatch, UploadErrors.Superseded, UploadErrors.ChecksumMismatch,
        EvidenceErrors.TooLarge(EvidenceItem.DefaultMaxSize), EvidenceErrors.EmptyFile, EvidenceErrors.AlreadyStored, EvidenceErrors.SizeAlreadyDeclared,
        EvidenceErrors.UploadAlreadyUsed, EvidenceErrors.UploadNotFound, EvidenceErrors.UploadExpired,
        EvidenceErrors.StorageFull, EvidenceErrors.StorageUnavailable, ExceptionProblems.Malformed,
    ];

    private static readonly Error[] Found = [EvidenceErrors.UploadNotFound, EvidenceErrors.UploadExpired, UploadErrors.VersionNotSupported];
    private static readonly Error[] Appending = [.. Receiving, UploadErrors.Final, UploadErrors.ContentType];
    private static readonly Error[] Removing = [.. Found, EvidenceErrors.UploadAlreadyUsed, UploadErrors.Superseded];
    private static readonly Error[] Limits = [ExposureErrors.Exhausted(TimeSpan.FromHours(6)), ExposureErrors.BreakRequired(TimeSpan.FromMinutes(10))];
    private static readonly Error[] Copies = [EvidenceErrors.NotFound, EvidenceErrors.NotViewable, EvidenceErrors.KnownFile, EvidenceErrors.StorageUnavailable, .. Limits];
    private static readonly Error[] Changing = [Refused, ReportErrors.Changed, ReportErrors.StaleVersion];
    private static readonly Error[] Desk = [Refused, ReportErrors.DeskTaskNotFound, ReportErrors.DeskTaskSettled];

    /// <summary>By operation id, what the use case adds.</summary>
    private static readonly Dictionary<string, Error[]> OfUseCase = new(StringComparer.Ordinal)
    {
        ["submitReport"] = [EvidenceErrors.StorageFull],
        ["addMessage"] = [Refused, ReportErrors.Changed],
        ["addEvidence"] = [Refused, ReportErrors.Changed, ReportErrors.ReporterReopenedAlready],
        ["withdrawReport"] = [Refused, ReportErrors.Changed, ReportErrors.UnderLegalHold],
        ["readSigningKey"] = [LedgerErrors.KeyNotFound],

        ["createUpload"] = [.. Receiving, UploadErrors.Metadata, UploadErrors.Concatenation, UploadErrors.NotAPart, UploadErrors.PartsUnfinished],
        ["appendToUpload"] = Appending,
        ["uploadOffset"] = [.. Found, UploadErrors.Superseded],
        ["removeUpload"] = Removing,
        ["overrideUploadMethod"] = [.. Appending, RequestRefusals.MethodNotAllowed],

        ["staffLogin"] = [SecurityErrors.SignInFailed, SecurityErrors.TwoFactorRequired, SecurityErrors.TwoFactorEnrolmentRequired],
        ["staffRefresh"] = [SecurityErrors.NotAuthenticated],

        ["moderationListQueue"] = [Validation],
        ["moderationSearchReports"] = [Validation],
        ["moderationReadTeam"] = [Validation],
        ["moderationClaimNext"] = [ReportErrors.Changed],
        ["moderationClaimReport"] = [Refused, ReportErrors.ClaimedByAnother, ReportErrors.SecondVoteBySamePerson],
        ["moderationReleaseReport"] = Claimed,
        ["moderationLeaveReport"] = Claimed,
        ["moderationRequestInformation"] = Claimed,
        ["moderationVerifyReport"] = Claimed,
        ["moderationRejectReport"] = Claimed,
        ["moderationMarkDuplicate"] = [.. Claimed, ReportErrors.DuplicateOfInactive(ReportState.Rejected)],
        ["moderationUndoDecision"] = [ReportErrors.UndoTooLate, ReportErrors.UndoByAnother],
        ["moderationRetriageReport"] = [Refused, ReportErrors.DecisionHeld, ReportErrors.TierUnchanged, ReportErrors.SecondVoteBySamePerson],
        ["moderationAddNote"] = [Refused],
        ["moderationReopenReport"] = [Refused, ReportErrors.DecisionHeld, SecurityErrors.NotAllowed],
        ["moderationCloseReport"] = [Refused, SecurityErrors.NotAllowed],
        ["moderationReadEvidenceMetadata"] = [EvidenceErrors.NotFound],
        ["moderationViewThumbnail"] = Copies,
        ["moderationViewContactSheet"] = Copies,
        ["moderationViewWorkingCopy"] = Copies,
        ["moderationReadOriginal"] = [EvidenceErrors.NotFound, EvidenceErrors.StorageUnavailable, Validation, .. Limits],
        ["moderationListExposure"] = [Validation],
        ["moderationKeepViewing"] = Limits,
        ["moderationExtendExposure"] = [SecurityErrors.NotFound, ExposureErrors.OwnBudget],
        ["moderationReadMetadataSheetForCustody"] = [EvidenceErrors.NotFound, EvidenceErrors.StorageUnavailable, Validation],
        ["moderationPassOnToReporter"] = Desk,
        ["moderationDeclineToPassOn"] = Desk,
        ["moderationLiftLegalHold"] = [ReportErrors.NotPreserved],
        ["moderationCreateReferral"] = [Refused, ReferralErrors.OpenAlready, ReportErrors.Changed],
        ["moderationMoveReferral"] = [ReferralErrors.NotFound, ReferralErrors.TransitionRefused(ReferralState.Closed, ReferralState.Sent), ReportErrors.Changed],

        ["listVerifiedReports"] = [Validation, SealedCursors.Invalid],
        ["exportReports"] = [Validation],
        ["countReports"] = [Validation],
        ["readEvents"] = [Validation, SealedCursors.Invalid, FeedCursors.GoneAfter("…")],
        ["readOriginal"] = [EvidenceErrors.NotFound, EvidenceErrors.StorageUnavailable],
        ["readMetadataSheet"] = [EvidenceErrors.NotFound, EvidenceErrors.StorageUnavailable],
        ["handOverPackage"] = [HandOverErrors.EvidenceDamaged, HandOverErrors.LedgerBehind, LedgerErrors.Damaged, EvidenceErrors.StorageUnavailable],
        ["acknowledgeReport"] = Changing,
        ["returnReport"] = Changing,
        ["recordRiskAssessment"] = Changing,
        ["addFollowUpNote"] = Changing,
        ["askReporter"] = Changing,
        ["recordOutcome"] = Changing,
        ["retriageReport"] = [.. Changing, ReportErrors.TierUnchanged, ReportErrors.DecisionHeld],
        ["preserveReport"] = Changing,
        ["releasePreservation"] = [.. Changing, ReportErrors.NotPreserved],

        ["addWebhook"] = [WebhookErrors.TooMany, SealedCursors.Invalid, FeedCursors.GoneAfter("…")],
        ["readWebhook"] = [WebhookErrors.NotFound],
        ["deleteWebhook"] = [WebhookErrors.NotFound],
        ["listWebhookDeliveries"] = [WebhookErrors.NotFound, Validation, SealedCursors.Invalid],
        ["replayWebhookEvents"] = [WebhookErrors.NotFound, SealedCursors.Invalid, FeedCursors.GoneAfter("…")],
        ["testWebhook"] = [WebhookErrors.NotFound],
        ["rotateWebhookSecret"] = [WebhookErrors.NotFound, WebhookErrors.TooManySecrets],
        ["enableWebhook"] = [WebhookErrors.NotFound],

        ["addStaff"] = [Validation],
        ["inviteStaffAgain"] = [AdministrationErrors.UnknownStaff, AdministrationErrors.OwnAccount],
        ["endSession"] = [SecurityErrors.SessionNotFound, SecurityErrors.NotFound],
        ["changeRoles"] = [AdministrationErrors.UnknownStaff, AdministrationErrors.OwnAccount],
        ["deactivateStaff"] = [AdministrationErrors.UnknownStaff, AdministrationErrors.OwnAccount],
        ["addClient"] = [ClientErrors.Exists, ClientErrors.IdentityTaken, ClientErrors.Changed],
        ["changeClient"] = [ClientErrors.Unknown, ClientErrors.Revoked, ClientErrors.IdentityTaken, ClientErrors.Changed],
        ["revokeClient"] = [ClientErrors.Unknown, ClientErrors.Changed],
        ["issueClientKey"] = [ClientErrors.Unknown, ClientErrors.Revoked, ClientErrors.TooManyKeys, ClientErrors.Changed],
        ["revokeClientKey"] = [ClientErrors.UnknownKey],
        ["importHashList"] = [HashListErrors.Empty, HashListErrors.UnknownFormat, Validation, RequestRefusals.TooLarge, ExceptionProblems.Malformed],
        ["exportLedger"] = [Validation],
        ["listTreeHeads"] = [Validation],
        ["readTreeHead"] = [LedgerErrors.TreeHeadNotFound],
        ["proveInclusion"] = [LedgerErrors.EntryNotFound, Validation, LedgerErrors.Damaged],
        ["proveConsistency"] = [Validation, LedgerErrors.Damaged],
    };

    /// <summary>All of a route's refusals, each with the status it is answered with. Nothing for what is no API.</summary>
    /// <param name="hasJsonBody">Whether the route reads a JSON body.</param>
    public static IReadOnlyList<(int Status, Error Error)> Of(ApiDescription api, string operationId, bool hasJsonBody) =>
        api.RelativePath!.StartsWith("api/", StringComparison.Ordinal) && api.HttpMethod != HttpMethods.Options
            ? [.. FromWhatItIs(api, hasJsonBody).Concat(OfUseCase.GetValueOrDefault(operationId, [])).DistinctBy(e => e.Code).Select(e => (StatusOf(e), e))]
            : [];

    /// <summary>Operation ids that the table names.</summary>
    public static IEnumerable<string> Named => OfUseCase.Keys;

    private static int StatusOf(Error error) => error == UploadErrors.ChecksumMismatch ? TusProtocol.ChecksumMismatchStatus : Problems.Status(error.Kind);

    private static IEnumerable<Error> FromWhatItIs(ApiDescription api, bool hasJsonBody)
    {
        var metadata = api.ActionDescriptor.EndpointMetadata;
        var policies = metadata.OfType<IAuthorizeData>().Select(a => a.Policy).OfType<string>().ToList();
        var isPolice = policies.Any(PoliceScopes.All.Contains);
        var isOpen = metadata.OfType<IAllowAnonymous>().Any() || policies.Count == 0;
        var changes = api.HttpMethod is not ("GET" or "HEAD");
        return
        [
            .. hasJsonBody ? [ExceptionProblems.Malformed, Validation, RequestRefusals.TooLarge, RequestRefusals.ContentType] : Array.Empty<Error>(),
            .. api.ParameterDescriptions.Any(p => p.Source.Id == "Query") ? [ExceptionProblems.Malformed] : Array.Empty<Error>(),
            .. api.ParameterDescriptions.Any(p => p.Name == "Idempotency-Key") ? [Validation, IdempotencyKeys.Reused] : Array.Empty<Error>(),
            .. isOpen ? [] : isPolice ? PoliceRefusals : StaffRefusals,
            .. !isOpen && !isPolice && changes ? [SecurityErrors.CrossSite] : Array.Empty<Error>(),
            .. metadata.Any(m => m.GetType().Name == "ReceiptRequired") ? [ReceiptAuthorization.Missing, ReportErrors.ReceiptNotFound] : Array.Empty<Error>(),
            .. metadata.OfType<EnableRateLimitingAttribute>().Any() ? [SecurityErrors.TooManyRequests] : Array.Empty<Error>(),
            .. OfReport(api.RelativePath!, changes),
            ExceptionProblems.DatabaseUnavailable,
        ];
    }

    private static Error[] PoliceRefusals =>
    [
        SecurityErrors.NotAuthenticated, SecurityErrors.KeyExpired, SecurityErrors.TokenExpired, SecurityErrors.ClientCertificateRequired,
        SecurityErrors.ClientCertificateInvalid, SecurityErrors.NotAllowed, SecurityErrors.NetworkNotAllowed, SecurityErrors.IssuerUnavailable,
    ];

    private static Error[] StaffRefusals => [SecurityErrors.NotAuthenticated, SecurityErrors.NotAllowed, SecurityErrors.TwoFactorEnrolmentRequired];

    /// <summary>Who names a report or a thing by an id that is none asks for an address that does not exist.</summary>
    private static IEnumerable<Error> OfReport(string path, bool changes)
    {
        if (path.Contains("{id:", StringComparison.Ordinal) || path.Contains("{size:", StringComparison.Ordinal))
        {
            yield return SecurityErrors.NotFound;
        }

        if (!path.Contains("reports/{id:", StringComparison.Ordinal))
        {
            yield break;
        }

        yield return ReportErrors.NotFound;
        if (changes && path.StartsWith("api/v1/moderation/", StringComparison.Ordinal))
        {
            yield return ReportErrors.Changed;
            yield return ReportErrors.StaleVersion;
        }
    }
}
