using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>A person who works here, in one or several of <see cref="StaffRoles"/>.</summary>
public sealed class StaffMember : IdentityUser<Guid>
{
    public const int EmailMaxLength = 254;

    public static StaffMember Create(string email, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = true };

    /// <summary>Set once the person has left: the account stays for the ledger, and opens nothing.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }

    /// <summary>SHA-256 of the code that opens the account for the first time, or again; null where none is open. See <see cref="Invitation"/>.</summary>
    public byte[]? InvitationHash { get; set; }

    public DateTimeOffset? InvitedUntil { get; set; }

    /// <summary>The newest half minute (RFC 6238, 5.2) whose code was used: it and older ones count no more.</summary>
    public long? LastCodeStep { get; set; }
}

/// <summary>The roles of staff. A person may have several; neither admin nor auditor sees content.</summary>
public static class StaffRoles
{
    public const string Moderator = "moderator";

    /// <summary>A moderator who also sees reports of child-safety categories where <see cref="StaffOptions.RestrictChildSafety"/> keeps them from the others.</summary>
    public const string ChildSafetyModerator = "child_safety_moderator";
    public const string Supervisor = "supervisor";
    public const string EvidenceCustodian = "evidence_custodian";

    /// <summary>Reads the custody ledger, and no report.</summary>
    public const string Auditor = "auditor";
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [Moderator, ChildSafetyModerator, Supervisor, EvidenceCustodian, Auditor, Admin];

    /// <summary>Who works through the queue.</summary>
    public static readonly IReadOnlyList<string> Desk = [Moderator, ChildSafetyModerator, Supervisor];

    /// <summary>Who sees reports of child-safety categories in any case.</summary>
    public static readonly IReadOnlyList<string> ChildSafety = [ChildSafetyModerator, Supervisor, EvidenceCustodian];
}
