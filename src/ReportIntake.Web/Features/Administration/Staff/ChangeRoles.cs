using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>Gives an account exactly these roles. Its sessions end, so that the old ones count no longer.</summary>
public static class ChangeRoles
{
    public sealed record Command(Guid StaffId, IReadOnlyList<string> Roles, Actor By) : ICommand<Result>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator() => RuleFor(c => c.Roles).MustBeRoles();
    }

    public sealed class Handler(UserManager<StaffMember> accounts, StaffSessions sessions, ReportIntakeDbContext database, TimeProvider clock)
        : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await accounts.FindByIdAsync(request.StaffId.ToString()) is not { DeactivatedAt: null } member)
            {
                return AdministrationErrors.UnknownStaff;
            }

            if (member.Id == request.By.Id && !request.Roles.Contains(StaffRoles.Admin))
            {
                return AdministrationErrors.OwnAccount;
            }

            var before = await accounts.GetRolesAsync(member);
            await accounts.RemoveFromRolesAsync(member, before.Except(request.Roles));
            await accounts.AddToRolesAsync(member, request.Roles.Distinct().Except(before));
            await accounts.UpdateSecurityStampAsync(member);
            await sessions.EndAllAsync(member.Id);
            database.Ledger.Add(LedgerEntry.Write(request.By, "staff_roles_changed", null, null, StaffChange.Details(member.Id, request.Roles.Distinct()), clock.GetUtcNow()));
            await database.SaveChangesAsync(cancellationToken);
            return Result.Success;
        }
    }
}
