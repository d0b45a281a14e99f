using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace ReportIntake.Web.Persistence.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AspNetRoles",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    NormalizedName = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetRoles", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUsers",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    DeactivatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    InvitationHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: true),
                    InvitedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LastCodeStep = table.Column<long>(type: "bigint", nullable: true),
                    UserName = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    NormalizedUserName = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    Email = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    NormalizedEmail = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    EmailConfirmed = table.Column<bool>(type: "bit", nullable: false),
                    PasswordHash = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    SecurityStamp = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    PhoneNumber = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    PhoneNumberConfirmed = table.Column<bool>(type: "bit", nullable: false),
                    TwoFactorEnabled = table.Column<bool>(type: "bit", nullable: false),
                    LockoutEnd = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LockoutEnabled = table.Column<bool>(type: "bit", nullable: false),
                    AccessFailedCount = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUsers", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Counters",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Value = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Counters", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Evidence",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    UploadKey = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    OriginReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Name = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    MediaType = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    SentMetadata = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Concatenation = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Size = table.Column<long>(type: "bigint", nullable: true),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    QuarantineReason = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Sha256 = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: true),
                    Md5 = table.Column<byte[]>(type: "varbinary(16)", maxLength: 16, nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    StoredAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    WorkingCopyType = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    HasThumbnail = table.Column<bool>(type: "bit", nullable: false),
                    HasContactSheet = table.Column<bool>(type: "bit", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Evidence", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "EvidenceFingerprints",
                columns: table => new
                {
                    EvidenceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Frame = table.Column<int>(type: "int", nullable: false),
                    Hash = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Quality = table.Column<int>(type: "int", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EvidenceFingerprints", x => new { x.EvidenceId, x.Frame });
                });

            migrationBuilder.CreateTable(
                name: "ExposureDays",
                columns: table => new
                {
                    StaffId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Reveals = table.Column<int>(type: "int", nullable: false),
                    Granted = table.Column<int>(type: "int", nullable: false),
                    Viewed = table.Column<long>(type: "bigint", nullable: false),
                    SinceBreak = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LookedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExposureDays", x => new { x.StaffId, x.Day });
                });

            migrationBuilder.CreateTable(
                name: "HashListMatches",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EvidenceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EntryId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    HashListId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Meaning = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "nvarchar(10)", maxLength: 10, nullable: false),
                    Distance = table.Column<int>(type: "int", nullable: false),
                    Suppressed = table.Column<bool>(type: "bit", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HashListMatches", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "HashLists",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Meaning = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Source = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HashLists", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IdempotentAnswers",
                columns: table => new
                {
                    Key = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    RequestHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    Answer = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdempotentAnswers", x => x.Key);
                });

            migrationBuilder.CreateTable(
                name: "Jobs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Urgency = table.Column<int>(type: "int", nullable: false),
                    Argument = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Subject = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    RunAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    Attempts = table.Column<int>(type: "int", nullable: false),
                    LeasedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    LeasedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LastError = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Dead = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Jobs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "KeyRingKeys",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Xml = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeyRingKeys", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "Ledger",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ActorKind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    ActorId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Action = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    EvidenceId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Details = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Purpose = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    PurposeSalt = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    LeafHash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    Position = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Ledger", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PoliceClients",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Scopes = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Areas = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Categories = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Tiers = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    RevokedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Issuer = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: true),
                    ExternalId = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    Certificates = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Networks = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    Burst = table.Column<int>(type: "int", nullable: true),
                    PerMinute = table.Column<int>(type: "int", nullable: true),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PoliceClients", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PoliceEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Position = table.Column<long>(type: "bigint", nullable: true),
                    Type = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Reference = table.Column<string>(type: "nvarchar(20)", maxLength: 20, nullable: false),
                    Category = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Tier = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    PreviousTier = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    AreaCode = table.Column<string>(type: "nvarchar(10)", maxLength: 10, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PoliceEvents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "PublicationState",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false),
                    PoliceEvents = table.Column<long>(type: "bigint", nullable: false),
                    PoliceEventsPruned = table.Column<long>(type: "bigint", nullable: false),
                    LedgerFrontier = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    LeasedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    LeasedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PublicationState", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RecurringRuns",
                columns: table => new
                {
                    Job = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    NextAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecurringRuns", x => x.Job);
                });

            migrationBuilder.CreateTable(
                name: "RelatedEvidence",
                columns: table => new
                {
                    EvidenceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EarlierEvidenceId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Distance = table.Column<int>(type: "int", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RelatedEvidence", x => new { x.EvidenceId, x.EarlierEvidenceId });
                });

            migrationBuilder.CreateTable(
                name: "RelatedTexts",
                columns: table => new
                {
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EarlierReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Likeness = table.Column<int>(type: "int", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RelatedTexts", x => new { x.ReportId, x.EarlierReportId });
                });

            migrationBuilder.CreateTable(
                name: "Reports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ClockStartedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    DueAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    EscalatesAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    EscalatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Province = table.Column<string>(type: "nvarchar(2)", maxLength: 2, nullable: true),
                    Reference = table.Column<string>(type: "nvarchar(20)", maxLength: 20, nullable: false),
                    ReceiptKey = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false),
                    SubmittedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    Category = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    ChildSafety = table.Column<bool>(type: "bit", nullable: false),
                    Description = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Language = table.Column<string>(type: "nvarchar(2)", maxLength: 2, nullable: false),
                    Stage = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    EvidenceCount = table.Column<int>(type: "int", nullable: false),
                    Assessment = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    ProvisionalTier = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Tier = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    TierReason = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Disposition = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Outcome = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    LegalHold = table.Column<bool>(type: "bit", nullable: false),
                    LegalHoldUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    EndedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    ClaimedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ClaimedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    AwaitingSecondReview = table.Column<bool>(type: "bit", nullable: false),
                    FirstVoterId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    Returned = table.Column<bool>(type: "bit", nullable: false),
                    CanonicalReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    ReopenedByReporter = table.Column<bool>(type: "bit", nullable: false),
                    DeadlineAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    InQueue = table.Column<bool>(type: "bit", nullable: false),
                    QueueRank = table.Column<int>(type: "int", nullable: false),
                    WithPolice = table.Column<bool>(type: "bit", nullable: false),
                    Held = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    UndoUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Incident_AreaCode = table.Column<string>(type: "nvarchar(10)", maxLength: 10, nullable: true),
                    Incident_ExpectedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Incident_OccurredFrom = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Incident_OccurredTo = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Incident_Ongoing = table.Column<bool>(type: "bit", nullable: false),
                    Incident_Place = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Victim_AgeBand = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Victim_DangerNow = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Victim_IsReporter = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Reports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ReportTexts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ClusterReports = table.Column<int>(type: "int", nullable: false),
                    ClusterSources = table.Column<int>(type: "int", nullable: false),
                    ClusterIsWhole = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReportTexts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RetentionPeriods",
                columns: table => new
                {
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Days = table.Column<int>(type: "int", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RetentionPeriods", x => x.State);
                });

            migrationBuilder.CreateTable(
                name: "SealedIdentities",
                columns: table => new
                {
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Ciphertext = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SealedIdentities", x => x.ReportId);
                });

            migrationBuilder.CreateTable(
                name: "Secrets",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    Protected = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Secrets", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "SigningKeys",
                columns: table => new
                {
                    Number = table.Column<int>(type: "int", nullable: false),
                    KeyId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    PublicKeyPem = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    ProtectedKey = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SigningKeys", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "StaffSessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    StaffId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Device = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    IsTool = table.Column<bool>(type: "bit", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    LastSeenAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StaffSessions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TextTerms",
                columns: table => new
                {
                    Term = table.Column<long>(type: "bigint", nullable: false),
                    TextId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TextTerms", x => new { x.Term, x.TextId });
                });

            migrationBuilder.CreateTable(
                name: "TreeHeads",
                columns: table => new
                {
                    Size = table.Column<long>(type: "bigint", nullable: false),
                    Root = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    KeyId = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    Signature = table.Column<byte[]>(type: "varbinary(80)", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TreeHeads", x => x.Size);
                });

            migrationBuilder.CreateTable(
                name: "ViewingPreferences",
                columns: table => new
                {
                    StaffId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Blur = table.Column<bool>(type: "bit", nullable: true),
                    Grey = table.Column<bool>(type: "bit", nullable: true),
                    Muted = table.Column<bool>(type: "bit", nullable: true),
                    Size = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    AvoidedCodes = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ViewingPreferences", x => x.StaffId);
                });

            migrationBuilder.CreateTable(
                name: "AspNetRoleClaims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    RoleId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ClaimType = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    ClaimValue = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetRoleClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetRoleClaims_AspNetRoles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "AspNetRoles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserClaims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ClaimType = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    ClaimValue = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetUserClaims_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserLogins",
                columns: table => new
                {
                    LoginProvider = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    ProviderKey = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    ProviderDisplayName = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserLogins", x => new { x.LoginProvider, x.ProviderKey });
                    table.ForeignKey(
                        name: "FK_AspNetUserLogins_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserPasskeys",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "varbinary(1024)", maxLength: 1024, nullable: false),
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Data = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserPasskeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_AspNetUserPasskeys_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserRoles",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    RoleId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserRoles", x => new { x.UserId, x.RoleId });
                    table.ForeignKey(
                        name: "FK_AspNetUserRoles_AspNetRoles_RoleId",
                        column: x => x.RoleId,
                        principalTable: "AspNetRoles",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AspNetUserRoles_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserTokens",
                columns: table => new
                {
                    UserId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    LoginProvider = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    Value = table.Column<byte[]>(type: "varbinary(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserTokens", x => new { x.UserId, x.LoginProvider, x.Name });
                    table.ForeignKey(
                        name: "FK_AspNetUserTokens_AspNetUsers_UserId",
                        column: x => x.UserId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "HashListEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    HashListId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Kind = table.Column<string>(type: "nvarchar(10)", maxLength: 10, nullable: false),
                    Value = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    DisabledAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    SearchedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HashListEntries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_HashListEntries_HashLists_HashListId",
                        column: x => x.HashListId,
                        principalTable: "HashLists",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ClientKeys",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ClientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Prefix = table.Column<string>(type: "nvarchar(12)", maxLength: 12, nullable: false),
                    Hash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LastUsedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    RevokedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClientKeys", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ClientKeys_PoliceClients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "PoliceClients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Webhooks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ClientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Url = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    DisabledAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    DisabledReason = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Position = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false),
                    FailuresInARow = table.Column<int>(type: "int", nullable: false),
                    FailingSince = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    PausedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LastDeliveredAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    LeasedBy = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    LeasedUntil = table.Column<DateTime>(type: "datetime2(6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Webhooks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Webhooks_PoliceClients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "PoliceClients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "FollowUps",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Kind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    ClientId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    Text = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Hazards = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Impact = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    FurtherAction = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Outcome = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Audience = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Until = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Desk = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    DeskReason = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    EndedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FollowUps", x => x.Id);
                    table.ForeignKey(
                        name: "FK_FollowUps_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Indicators",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Kind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Value = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Normalised = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    NormalisedLookup = table.Column<byte[]>(type: "varbinary(16)", maxLength: 16, nullable: false),
                    Prefix10 = table.Column<long>(type: "bigint", nullable: true),
                    Prefix3 = table.Column<long>(type: "bigint", nullable: true),
                    Prefix4 = table.Column<long>(type: "bigint", nullable: true),
                    Prefix5 = table.Column<long>(type: "bigint", nullable: true),
                    Prefix6 = table.Column<long>(type: "bigint", nullable: true),
                    Prefix8 = table.Column<long>(type: "bigint", nullable: true),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Indicators", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Indicators_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Messages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    From = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Text = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Messages", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Messages_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Notes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    AuthorKind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    AuthorId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Text = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Notes_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Referrals",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Destination = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    Note = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Answer = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Rule = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: true),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    Version = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Referrals", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Referrals_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Subjects",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Platform = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Handle = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Url = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Phone = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    Note = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Subjects", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Subjects_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Votes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    VoterKind = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    VoterId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Disposition = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Tier = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: true),
                    Note = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    At = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    Pending = table.Column<bool>(type: "bit", nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Votes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Votes_Reports_ReportId",
                        column: x => x.ReportId,
                        principalTable: "Reports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "WebhookDeliveries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    WebhookId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EventId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    EventType = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    ReportId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Position = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    State = table.Column<string>(type: "nvarchar(40)", maxLength: 40, nullable: false),
                    NextAttemptAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    FirstFailedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true),
                    Attempts = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WebhookDeliveries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WebhookDeliveries_Webhooks_WebhookId",
                        column: x => x.WebhookId,
                        principalTable: "Webhooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "WebhookSecrets",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    WebhookId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Sealed = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime2(6)", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "datetime2(6)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WebhookSecrets", x => x.Id);
                    table.ForeignKey(
                        name: "FK_WebhookSecrets_Webhooks_WebhookId",
                        column: x => x.WebhookId,
                        principalTable: "Webhooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "AspNetRoles",
                columns: new[] { "Id", "ConcurrencyStamp", "Name", "NormalizedName" },
                values: new object[,]
                {
                    { new Guid("0198f0c0-0000-7000-8000-000000000001"), "0198f0c0-0000-7000-8000-000000000001", "moderator", "MODERATOR" },
                    { new Guid("0198f0c0-0000-7000-8000-000000000002"), "0198f0c0-0000-7000-8000-000000000002", "supervisor", "SUPERVISOR" },
                    { new Guid("0198f0c0-0000-7000-8000-000000000003"), "0198f0c0-0000-7000-8000-000000000003", "evidence_custodian", "EVIDENCE_CUSTODIAN" },
                    { new Guid("0198f0c0-0000-7000-8000-000000000004"), "0198f0c0-0000-7000-8000-000000000004", "admin", "ADMIN" },
                    { new Guid("0198f0c0-0000-7000-8000-000000000005"), "0198f0c0-0000-7000-8000-000000000005", "child_safety_moderator", "CHILD_SAFETY_MODERATOR" },
                    { new Guid("0198f0c0-0000-7000-8000-000000000006"), "0198f0c0-0000-7000-8000-000000000006", "auditor", "AUDITOR" }
                });

            migrationBuilder.InsertData(
                table: "PublicationState",
                columns: new[] { "Id", "LeasedBy", "LeasedUntil", "LedgerFrontier", "PoliceEvents", "PoliceEventsPruned" },
                values: new object[] { 1, null, null, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, 0L, 0L });

            migrationBuilder.CreateIndex(
                name: "IX_AspNetRoleClaims_RoleId",
                table: "AspNetRoleClaims",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "RoleNameIndex",
                table: "AspNetRoles",
                column: "NormalizedName",
                unique: true,
                filter: "[NormalizedName] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserClaims_UserId",
                table: "AspNetUserClaims",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserLogins_UserId",
                table: "AspNetUserLogins",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserPasskeys_UserId",
                table: "AspNetUserPasskeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserRoles_RoleId",
                table: "AspNetUserRoles",
                column: "RoleId");

            migrationBuilder.CreateIndex(
                name: "EmailIndex",
                table: "AspNetUsers",
                column: "NormalizedEmail");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUsers_InvitationHash",
                table: "AspNetUsers",
                column: "InvitationHash",
                unique: true,
                filter: "[InvitationHash] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                table: "AspNetUsers",
                column: "NormalizedUserName",
                unique: true,
                filter: "[NormalizedUserName] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ClientKeys_ClientId",
                table: "ClientKeys",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_ClientKeys_Hash",
                table: "ClientKeys",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_Md5",
                table: "Evidence",
                column: "Md5");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_OriginReportId",
                table: "Evidence",
                column: "OriginReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_ReportId_ExpiresAt",
                table: "Evidence",
                columns: new[] { "ReportId", "ExpiresAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_ReportId_Id",
                table: "Evidence",
                columns: new[] { "ReportId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_Sha256",
                table: "Evidence",
                column: "Sha256");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_UploadKey",
                table: "Evidence",
                column: "UploadKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_EvidenceFingerprints_At",
                table: "EvidenceFingerprints",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_ExposureDays_Day",
                table: "ExposureDays",
                column: "Day");

            migrationBuilder.CreateIndex(
                name: "IX_FollowUps_Desk_At",
                table: "FollowUps",
                columns: new[] { "Desk", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_FollowUps_ReportId",
                table: "FollowUps",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_HashListEntries_Unsearched",
                table: "HashListEntries",
                column: "HashListId",
                filter: "SearchedAt IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_HashListEntries_Value_Kind_HashListId",
                table: "HashListEntries",
                columns: new[] { "Value", "Kind", "HashListId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_HashListMatches_EntryId_At",
                table: "HashListMatches",
                columns: new[] { "EntryId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_HashListMatches_EvidenceId_EntryId",
                table: "HashListMatches",
                columns: new[] { "EvidenceId", "EntryId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_HashLists_Name",
                table: "HashLists",
                column: "Name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IdempotentAnswers_ExpiresAt",
                table: "IdempotentAnswers",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_NormalisedLookup_SeenAt_ReportId",
                table: "Indicators",
                columns: new[] { "NormalisedLookup", "SeenAt", "ReportId" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_Prefix10_SeenAt",
                table: "Indicators",
                columns: new[] { "Prefix10", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_Prefix3_SeenAt",
                table: "Indicators",
                columns: new[] { "Prefix3", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_Prefix4_SeenAt",
                table: "Indicators",
                columns: new[] { "Prefix4", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_Prefix5_SeenAt",
                table: "Indicators",
                columns: new[] { "Prefix5", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_Prefix6_SeenAt",
                table: "Indicators",
                columns: new[] { "Prefix6", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_Prefix8_SeenAt",
                table: "Indicators",
                columns: new[] { "Prefix8", "SeenAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Indicators_ReportId",
                table: "Indicators",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Dead_Urgency_RunAt",
                table: "Jobs",
                columns: new[] { "Dead", "Urgency", "RunAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_LeasedBy",
                table: "Jobs",
                column: "LeasedBy");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Subject",
                table: "Jobs",
                column: "Subject");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_At_Action_ReportId",
                table: "Ledger",
                columns: new[] { "At", "Action", "ReportId" });

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_At_Id",
                table: "Ledger",
                columns: new[] { "At", "Id" },
                filter: "Position IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_EvidenceId",
                table: "Ledger",
                column: "EvidenceId");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_Position",
                table: "Ledger",
                column: "Position",
                unique: true,
                filter: "[Position] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_ReportId_At_Id",
                table: "Ledger",
                columns: new[] { "ReportId", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Messages_ReportId",
                table: "Messages",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Notes_ReportId",
                table: "Notes",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceClients_Issuer_ExternalId",
                table: "PoliceClients",
                columns: new[] { "Issuer", "ExternalId" },
                unique: true,
                filter: "RevokedAt IS NULL AND ExternalId IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceClients_Name",
                table: "PoliceClients",
                column: "Name",
                unique: true,
                filter: "RevokedAt IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceEvents_At_Id",
                table: "PoliceEvents",
                columns: new[] { "At", "Id" },
                filter: "Position IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceEvents_Position",
                table: "PoliceEvents",
                column: "Position",
                unique: true,
                filter: "[Position] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceEvents_ReportId_Id",
                table: "PoliceEvents",
                columns: new[] { "ReportId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Referrals_ReportId",
                table: "Referrals",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Referrals_State_CreatedAt_Id",
                table: "Referrals",
                columns: new[] { "State", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_RelatedEvidence_EarlierEvidenceId",
                table: "RelatedEvidence",
                column: "EarlierEvidenceId");

            migrationBuilder.CreateIndex(
                name: "IX_RelatedTexts_EarlierReportId",
                table: "RelatedTexts",
                column: "EarlierReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_CanonicalReportId",
                table: "Reports",
                column: "CanonicalReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_Category_State_QueueRank_DueAt_Id",
                table: "Reports",
                columns: new[] { "Category", "State", "QueueRank", "DueAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_ClaimedUntil",
                table: "Reports",
                column: "ClaimedUntil");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_EscalatesAt",
                table: "Reports",
                column: "EscalatesAt");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_InQueue_QueueRank_DueAt_Id",
                table: "Reports",
                columns: new[] { "InQueue", "QueueRank", "DueAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_LegalHoldUntil",
                table: "Reports",
                column: "LegalHoldUntil");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_Province_State_QueueRank_DueAt_Id",
                table: "Reports",
                columns: new[] { "Province", "State", "QueueRank", "DueAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_ReceiptKey",
                table: "Reports",
                column: "ReceiptKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Reports_Reference",
                table: "Reports",
                column: "Reference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_DeadlineAt",
                table: "Reports",
                columns: new[] { "State", "DeadlineAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_EndedAt",
                table: "Reports",
                columns: new[] { "State", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_QueueRank_DueAt_Id",
                table: "Reports",
                columns: new[] { "State", "QueueRank", "DueAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_UndoUntil",
                table: "Reports",
                column: "UndoUntil");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_WithPolice_SubmittedAt_Id",
                table: "Reports",
                columns: new[] { "WithPolice", "SubmittedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_WithPolice_UpdatedAt_Id",
                table: "Reports",
                columns: new[] { "WithPolice", "UpdatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ReportTexts_ReportId",
                table: "ReportTexts",
                column: "ReportId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SigningKeys_KeyId",
                table: "SigningKeys",
                column: "KeyId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_StaffSessions_StaffId",
                table: "StaffSessions",
                column: "StaffId");

            migrationBuilder.CreateIndex(
                name: "IX_Subjects_ReportId",
                table: "Subjects",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Votes_Pending",
                table: "Votes",
                column: "Pending");

            migrationBuilder.CreateIndex(
                name: "IX_Votes_ReportId",
                table: "Votes",
                column: "ReportId");

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_CreatedAt",
                table: "WebhookDeliveries",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_State_NextAttemptAt",
                table: "WebhookDeliveries",
                columns: new[] { "State", "NextAttemptAt" });

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_WebhookId_CreatedAt_Id",
                table: "WebhookDeliveries",
                columns: new[] { "WebhookId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_WebhookId_EventId",
                table: "WebhookDeliveries",
                columns: new[] { "WebhookId", "EventId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_WebhookDeliveries_WebhookId_State_Position",
                table: "WebhookDeliveries",
                columns: new[] { "WebhookId", "State", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_Webhooks_ClientId",
                table: "Webhooks",
                column: "ClientId");

            migrationBuilder.CreateIndex(
                name: "IX_WebhookSecrets_WebhookId",
                table: "WebhookSecrets",
                column: "WebhookId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AspNetRoleClaims");

            migrationBuilder.DropTable(
                name: "AspNetUserClaims");

            migrationBuilder.DropTable(
                name: "AspNetUserLogins");

            migrationBuilder.DropTable(
                name: "AspNetUserPasskeys");

            migrationBuilder.DropTable(
                name: "AspNetUserRoles");

            migrationBuilder.DropTable(
                name: "AspNetUserTokens");

            migrationBuilder.DropTable(
                name: "ClientKeys");

            migrationBuilder.DropTable(
                name: "Counters");

            migrationBuilder.DropTable(
                name: "Evidence");

            migrationBuilder.DropTable(
                name: "EvidenceFingerprints");

            migrationBuilder.DropTable(
                name: "ExposureDays");

            migrationBuilder.DropTable(
                name: "FollowUps");

            migrationBuilder.DropTable(
                name: "HashListEntries");

            migrationBuilder.DropTable(
                name: "HashListMatches");

            migrationBuilder.DropTable(
                name: "IdempotentAnswers");

            migrationBuilder.DropTable(
                name: "Indicators");

            migrationBuilder.DropTable(
                name: "Jobs");

            migrationBuilder.DropTable(
                name: "KeyRingKeys");

            migrationBuilder.DropTable(
                name: "Ledger");

            migrationBuilder.DropTable(
                name: "Messages");

            migrationBuilder.DropTable(
                name: "Notes");

            migrationBuilder.DropTable(
                name: "PoliceEvents");

            migrationBuilder.DropTable(
                name: "PublicationState");

            migrationBuilder.DropTable(
                name: "RecurringRuns");

            migrationBuilder.DropTable(
                name: "Referrals");

            migrationBuilder.DropTable(
                name: "RelatedEvidence");

            migrationBuilder.DropTable(
                name: "RelatedTexts");

            migrationBuilder.DropTable(
                name: "ReportTexts");

            migrationBuilder.DropTable(
                name: "RetentionPeriods");

            migrationBuilder.DropTable(
                name: "SealedIdentities");

            migrationBuilder.DropTable(
                name: "Secrets");

            migrationBuilder.DropTable(
                name: "SigningKeys");

            migrationBuilder.DropTable(
                name: "StaffSessions");

            migrationBuilder.DropTable(
                name: "Subjects");

            migrationBuilder.DropTable(
                name: "TextTerms");

            migrationBuilder.DropTable(
                name: "TreeHeads");

            migrationBuilder.DropTable(
                name: "ViewingPreferences");

            migrationBuilder.DropTable(
                name: "Votes");

            migrationBuilder.DropTable(
                name: "WebhookDeliveries");

            migrationBuilder.DropTable(
                name: "WebhookSecrets");

            migrationBuilder.DropTable(
                name: "AspNetRoles");

            migrationBuilder.DropTable(
                name: "AspNetUsers");

            migrationBuilder.DropTable(
                name: "HashLists");

            migrationBuilder.DropTable(
                name: "Reports");

            migrationBuilder.DropTable(
                name: "Webhooks");

            migrationBuilder.DropTable(
                name: "PoliceClients");
        }
    }
}
