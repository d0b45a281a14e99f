using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ReportIntake.Web.Persistence.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class FilteredIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Reports_CanonicalReportId",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_ClaimedUntil",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_EscalatesAt",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_LegalHoldUntil",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_State_DeadlineAt",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_State_EndedAt",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_UndoUntil",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_PoliceEvents_Position",
                table: "PoliceEvents");

            migrationBuilder.DropIndex(
                name: "IX_Ledger_EvidenceId",
                table: "Ledger");

            migrationBuilder.DropIndex(
                name: "IX_Ledger_Position",
                table: "Ledger");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_LeasedBy",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_Md5",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_OriginReportId",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_ReportId_ExpiresAt",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_ReportId_Id",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_Sha256",
                table: "Evidence");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_CanonicalReportId",
                table: "Reports",
                column: "CanonicalReportId",
                filter: "CanonicalReportId IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_ClaimedUntil",
                table: "Reports",
                column: "ClaimedUntil",
                filter: "ClaimedUntil IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_EscalatesAt",
                table: "Reports",
                column: "EscalatesAt",
                filter: "EscalatesAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_LegalHoldUntil",
                table: "Reports",
                column: "LegalHoldUntil",
                filter: "LegalHoldUntil IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_DeadlineAt",
                table: "Reports",
                columns: new[] { "State", "DeadlineAt" },
                filter: "DeadlineAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_EndedAt",
                table: "Reports",
                columns: new[] { "State", "EndedAt" },
                filter: "EndedAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_UndoUntil",
                table: "Reports",
                column: "UndoUntil",
                filter: "UndoUntil IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceEvents_Position",
                table: "PoliceEvents",
                column: "Position",
                unique: true,
                filter: "Position IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_EvidenceId",
                table: "Ledger",
                column: "EvidenceId",
                filter: "EvidenceId IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Ledger_Position",
                table: "Ledger",
                column: "Position",
                unique: true,
                filter: "Position IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_LeasedBy",
                table: "Jobs",
                column: "LeasedBy",
                filter: "LeasedBy IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_ExpiresAt",
                table: "Evidence",
                column: "ExpiresAt",
                filter: "ReportId IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_Md5",
                table: "Evidence",
                column: "Md5",
                filter: "Md5 IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_OriginReportId",
                table: "Evidence",
                column: "OriginReportId",
                filter: "OriginReportId IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_ReportId_Id",
                table: "Evidence",
                columns: new[] { "ReportId", "Id" },
                filter: "ReportId IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Evidence_Sha256",
                table: "Evidence",
                column: "Sha256",
                filter: "Sha256 IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Reports_CanonicalReportId",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_ClaimedUntil",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_EscalatesAt",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_LegalHoldUntil",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_State_DeadlineAt",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_State_EndedAt",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_Reports_UndoUntil",
                table: "Reports");

            migrationBuilder.DropIndex(
                name: "IX_PoliceEvents_Position",
                table: "PoliceEvents");

            migrationBuilder.DropIndex(
                name: "IX_Ledger_EvidenceId",
                table: "Ledger");

            migrationBuilder.DropIndex(
                name: "IX_Ledger_Position",
                table: "Ledger");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_LeasedBy",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_ExpiresAt",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_Md5",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_OriginReportId",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_ReportId_Id",
                table: "Evidence");

            migrationBuilder.DropIndex(
                name: "IX_Evidence_Sha256",
                table: "Evidence");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_CanonicalReportId",
                table: "Reports",
                column: "CanonicalReportId");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_ClaimedUntil",
                table: "Reports",
                column: "ClaimedUntil");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_EscalatesAt",
                table: "Reports",
                column: "EscalatesAt");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_LegalHoldUntil",
                table: "Reports",
                column: "LegalHoldUntil");

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_DeadlineAt",
                table: "Reports",
                columns: new[] { "State", "DeadlineAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_State_EndedAt",
                table: "Reports",
                columns: new[] { "State", "EndedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Reports_UndoUntil",
                table: "Reports",
                column: "UndoUntil");

            migrationBuilder.CreateIndex(
                name: "IX_PoliceEvents_Position",
                table: "PoliceEvents",
                column: "Position",
                unique: true,
                filter: "[Position] IS NOT NULL");

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
                name: "IX_Jobs_LeasedBy",
                table: "Jobs",
                column: "LeasedBy");

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
        }
    }
}
