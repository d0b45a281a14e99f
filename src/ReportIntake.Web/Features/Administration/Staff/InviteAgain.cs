using MediatR;
using Microsoft.AspNetCore.Identity;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>
/// A new code for an account that is there: the first one ran out, or its owner lost the password or the second factor.
/// What they had counts until the code is used.
/// </summary>
public static class InviteAgain
{
    public sealed record Command(Guid StaffId, Actor By) : ICommand<Result<Invited>>;

    public sealed class Handler(UserManager<StaffMember> accounts, ReportIntakeDbContext database, TimeProvider clock)
        : IRequestHandler<Command, Result<Invited>>
    {
        public async Task<Result<Invited>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await accounts.FindByIdAsync(request.StaffId.ToString()) is not { DeactivatedAt: null } member)
            {
                return AdministrationErrors.UnknownStaff;
            }

            // Their own second factor would go with it: a stolen session must not be enough for that.
            if (member.Id == request.By.Id)
            {
                return AdministrationErrors.OwnAccount;
            }

            var now = clock.GetUtcNow();
            var invitation = Invitation.For(member, now);
            await accounts.UpdateAsync(member);
            database.Ledger.Add(LedgerEntry.Write(request.By, "staff_invited_again", null, null, new Dictionary<string, string> { ["staffId"] = member.Id.ToString() }, now));
            await database.SaveChangesAsync(cancellationToken);
            return new Invited(member.Id, invitation.Code, invitation.ExpiresAt);
        }
    }
}
