using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Administration.Clients;

public static class ClientErrors
{
    public static readonly Error Unknown = new("client_not_found", ErrorKind.NotFound, "There is no such client.");
    public static readonly Error UnknownKey = new("key_not_found", ErrorKind.NotFound, "The client has no such key.");
    public static readonly Error Exists = new("client_exists", ErrorKind.Conflict, "There is a client of that name.");
    public static readonly Error IdentityTaken = new("client_identity_taken", ErrorKind.Conflict, "Another client goes by that identity of the issuer.");
    public static readonly Error Revoked = new("client_revoked", ErrorKind.Conflict, "The client is revoked, for good. Add a new one.");
    public static readonly Error TooManyKeys = new("too_many_keys", ErrorKind.Conflict, "The client has two keys that count. Revoke one first.");
    public static readonly Error Changed = new("client_changed", ErrorKind.Conflict, "The client was changed at the same time. Look at it again.");
}
