using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Account;

/// <summary>
/// The invited person chooses a password. Password, second factors and sessions that the account had before end: whoever
/// was invited again had lost them, perhaps to somebody else.
/// </summary>
public static class AcceptInvitation
{
    public sealed record Command(string Code, string Password) : ICommand<Result<Guid>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Code).NotEmpty().WithErrorCode("required").MaximumLength(Invitation.MaxLength).WithErrorCode("too_long");
            RuleFor(c => c.Password).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required")
                .MaximumLength(StaffPasswords.MaxLength).WithErrorCode("too_long");
        }
    }

    public sealed class Handler(UserManager<StaffMember> accounts, StaffSessions sessions, ReportIntakeDbContext database, TimeProvider clock)
        : IRequestHandler<Command, Result<Guid>>
    {
        public async Task<Result<Guid>> Handle(Command request, CancellationToken cancellationToken)
        {
            var (now, hash) = (clock.GetUtcNow(), Invitation.Hash(request.Code.Trim()));
            var member = await database.Users.SingleOrDefaultAsync(u => u.InvitationHash == hash && u.InvitedUntil > now && u.DeactivatedAt == null, cancellationToken);
            if (member is null)
            {
                return SecurityErrors.InvitationInvalid;
            }

            if (!(await accounts.RemovePasswordAsync(member)).Succeeded)
            {
                return SecurityErrors.InvitationInvalid; // used a moment ago, somewhere else
            }

            var chosen = await accounts.AddPasswordAsync(member, request.Password);
            if (!chosen.Succeeded)
            {
                return chosen.ToError(); // the transaction is given up, and the code is still good
            }

            foreach (var passkey in await accounts.GetPasskeysAsync(member))
            {
                await accounts.RemovePasskeyAsync(member, passkey.CredentialId);
            }

            (member.InvitationHash, member.InvitedUntil, member.LockoutEnd, member.AccessFailedCount) = (null, null, null, 0);
            await accounts.SetTwoFactorEnabledAsync(member, false);
            await accounts.ResetAuthenticatorKeyAsync(member);
            await accounts.GenerateNewTwoFactorRecoveryCodesAsync(member, 0);
            await accounts.UpdateSecurityStampAsync(member);
            await sessions.EndAllAsync(member.Id);
            database.Ledger.Add(LedgerEntry.Write(Actor.System, "staff_invitation_accepted", null, null, new Dictionary<string, string> { ["staffId"] = member.Id.ToString() }, now));
            await database.SaveChangesAsync(cancellationToken);
            return member.Id;
        }
    }
}
