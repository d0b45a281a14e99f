using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>A person who works here: moderator, supervisor, evidence custodian or admin.</summary>
public sealed class StaffMember : IdentityUser<Guid>;

/// <summary>The roles of staff. A person may have several; admin alone sees no content.</summary>
public static class StaffRoles
{
    public const string Moderator = "moderator";
    public const string Supervisor = "supervisor";
    public const string EvidenceCustodian = "evidence_custodian";
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [Moderator, Supervisor, EvidenceCustodian, Admin];
}
