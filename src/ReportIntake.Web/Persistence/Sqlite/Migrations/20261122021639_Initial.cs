using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ReportIntake.Web.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Jobs_Dead_RunAt",
                table: "Jobs");

            migrationBuilder.AddColumn<int>(
                name: "Urgency",
                table: "Jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "PublicationState",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    PoliceEvents = table.Column<long>(type: "INTEGER", nullable: false),
                    LedgerFrontier = table.Column<byte[]>(type: "BLOB", nullable: false),
                    LeasedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    LeasedUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PublicationState", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RecurringRuns",
                columns: table => new
                {
                    Job = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    NextAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RecurringRuns", x => x.Job);
                });

            migrationBuilder.CreateTable(
                name: "SigningKeys",
                columns: table => new
                {
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    PublicKeyPem = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ProtectedKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SigningKeys", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "TreeHeads",
                columns: table => new
                {
                    Size = table.Column<long>(type: "INTEGER", nullable: false),
                    Root = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    KeyId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Signature = table.Column<byte[]>(type: "BLOB", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TreeHeads", x => x.Size);
                });

            migrationBuilder.InsertData(
                table: "PublicationState",
                columns: new[] { "Id", "LeasedBy", "LeasedUntil", "LedgerFrontier", "PoliceEvents" },
                values: new object[] { 1, null, null, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, 0L });

            migrationBuilder.CreateIndex(
                name: "IX_PoliceEvents_At_Id",
                table: "PoliceEvents",
                columns: new[] { "At", "Id" },
                filter: "Position IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_At_Id",
                table: "Ledger",
                columns: new[] { "At", "Id" },
                filter: "Position IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Dead_Urgency_RunAt",
                table: "Jobs",
                columns: new[] { "Dead", "Urgency", "RunAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_LeasedBy",
                table: "Jobs",
                column: "LeasedBy");

            migrationBuilder.CreateIndex(
                name: "IX_SigningKeys_KeyId",
                table: "SigningKeys",
                column: "KeyId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "PublicationState");

            migrationBuilder.DropTable(
                name: "RecurringRuns");

            migrationBuilder.DropTable(
                name: "SigningKeys");

            migrationBuilder.DropTable(
                name: "TreeHeads");

            migrationBuilder.DropIndex(
                name: "IX_PoliceEvents_At_Id",
                table: "PoliceEvents");

            migrationBuilder.DropIndex(
                name: "IX_Ledger_At_Id",
                table: "Ledger");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_Dead_Urgency_RunAt",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_LeasedBy",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "Urgency",
                table: "Jobs");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Dead_RunAt",
                table: "Jobs",
                columns: new[] { "Dead", "RunAt" });
        }
    }
}
