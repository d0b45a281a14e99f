using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>A person who works here: moderator, supervisor, evidence custodian or admin.</summary>
public sealed class StaffMember : IdentityUser<Guid>
{
    public const int EmailMaxLength = 254;

    /// <summary>Set once the person has left: the account stays for the ledger, and opens nothing.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }
}

/// <summary>The roles of staff. A person may have several; admin alone sees no content.</summary>
public static class StaffRoles
{
    public const string Moderator = "moderator";
    public const string Supervisor = "supervisor";
    public const string EvidenceCustodian = "evidence_custodian";
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [Moderator, Supervisor, EvidenceCustodian, Admin];
}
