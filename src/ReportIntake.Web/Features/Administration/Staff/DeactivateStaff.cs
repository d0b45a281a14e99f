using MediatR;
using Microsoft.AspNetCore.Identity;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>Closes an account for good. The row stays: the ledger names it.</summary>
public static class DeactivateStaff
{
    public sealed record Command(Guid StaffId, Actor By) : ICommand<Result>;

    public sealed class Handler(UserManager<StaffMember> accounts, StaffSessions sessions, ReportIntakeDbContext database, TimeProvider clock)
        : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await accounts.FindByIdAsync(request.StaffId.ToString()) is not { DeactivatedAt: null } member)
            {
                return AdministrationErrors.UnknownStaff;
            }

            if (member.Id == request.By.Id)
            {
                return AdministrationErrors.OwnAccount;
            }

            var now = clock.GetUtcNow();
            (member.DeactivatedAt, member.InvitationHash, member.InvitedUntil) = (now, null, null);
            await accounts.UpdateSecurityStampAsync(member);
            await sessions.EndAllAsync(member.Id);
            database.Ledger.Add(LedgerEntry.Write(request.By, "staff_deactivated", null, null, new Dictionary<string, string> { ["staffId"] = member.Id.ToString() }, now));
            await database.SaveChangesAsync(cancellationToken);
            return Result.Success;
        }
    }
}
