using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Security;

public static class SecurityErrors
{
    public static readonly Error NotAuthenticated = new("not_authenticated", ErrorKind.Unauthenticated, "Sign in, or send a valid token or API key.");
    public static readonly Error NotAllowed = new("not_allowed", ErrorKind.Forbidden, "This account or client may not do that.");
    public static readonly Error CrossSite = new("cross_site_refused", ErrorKind.Forbidden, "A browser may send this only from the service's own pages.");
    public static readonly Error NotFound = new("not_found", ErrorKind.NotFound, "There is nothing here.");
    public static readonly Error TooManyRequests = new("too_many_requests", ErrorKind.TooMany, "Too many requests. Wait a little and try again.");

    /// <summary>Told to the bearer of that very key.</summary>
    public static readonly Error KeyExpired = new("key_expired", ErrorKind.Unauthenticated, "This API key has expired. Use its successor, or ask for a new one.");
    public static readonly Error TokenExpired = new("token_expired", ErrorKind.Unauthenticated, "This token has expired. Ask its issuer for a new one.");
    public static readonly Error IssuerUnavailable = new("issuer_unavailable", ErrorKind.Unavailable, "The token's issuer does not answer, so the token cannot be checked. Try again shortly.");
    public static readonly Error ClientCertificateRequired = new("client_certificate_required", ErrorKind.Unauthenticated, "This client must present its certificate, through the service's own proxy.");
    public static readonly Error ClientCertificateInvalid = new("client_certificate_invalid", ErrorKind.Unauthenticated, "The certificate is not this client's, or is not valid now.");
    public static readonly Error NetworkNotAllowed = new("network_not_allowed", ErrorKind.Forbidden, "This client may not call from this network.");

    /// <summary>One answer for an unknown address, a wrong password, a wrong code and an account that is locked for a while: it tells nobody that there is an account.</summary>
    public static readonly Error SignInFailed = new("sign_in_failed", ErrorKind.Unauthenticated, "The e-mail address, the password or the code is wrong, or there were too many attempts; then wait a quarter of an hour.");
    public static readonly Error TwoFactorRequired = new("two_factor_required", ErrorKind.Unauthenticated, "A code of the authenticator app is needed.");
    public static readonly Error TwoFactorEnrolmentRequired = new("two_factor_enrolment_required", ErrorKind.Forbidden, "Set up the second factor first, at /staff/account.");
    public static readonly Error SessionNotFound = new("session_not_found", ErrorKind.NotFound, "There is no such session.");

    /// <summary>One answer for a code that never was, was used, or has run out.</summary>
    public static readonly Error InvitationInvalid = Error.Validation("code", "invitation_invalid", "The invitation is not valid, or no longer. Ask for a new one.");
    public static readonly Error PasskeyRefused = Error.Validation("passkey", "passkey_refused", "The passkey was not accepted. Try again, or use another way.");
    public static readonly Error LastFactor = Error.Validation("passkey", "last_factor_refused", "This is the only second factor. Set up another one first.");
    public static readonly Error SecondFactorFirst = Error.Validation("code", "second_factor_first", "Sign in with the second factor that is set up before you change it.");
    public static readonly Error ProviderFailed = Error.Validation("next", "identity_provider_failed", "The identity provider did not sign you in, or signed in somebody who has no account here.");
    public static readonly Error CodeWrong = Error.Validation("code", "code_wrong", "The code is wrong or no longer valid.");
    public static readonly Error StepExpired = Error.Validation("email", "step_expired", "That took too long. Sign in again from the start.");
}
