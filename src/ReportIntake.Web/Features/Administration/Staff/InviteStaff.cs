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

/// <summary>Gives a person an account whose password only that person will know: they choose it with the code that is answered here.</summary>
public static class InviteStaff
{
    public sealed record Command(string Email, IReadOnlyList<string> Roles, Actor By) : ICommand<Result<Invited>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Email).MustBeEmail();
            RuleFor(c => c.Roles).MustBeRoles();
        }
    }

    public sealed class Handler(UserManager<StaffMember> accounts, ReportIntakeDbContext database, TimeProvider clock)
        : IRequestHandler<Command, Result<Invited>>
    {
        public async Task<Result<Invited>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var member = StaffMember.Create(request.Email, now);
            var invitation = Invitation.For(member, now);
            if (await accounts.TryCreateAsync(member, password: null) is { } refusal)
            {
                return refusal;
            }

            var roles = request.Roles.Distinct().ToList();
            await accounts.AddToRolesAsync(member, roles);
            database.Ledger.Add(LedgerEntry.Write(request.By, "staff_invited", null, null, StaffChange.Details(member.Id, roles), now));
            await database.SaveChangesAsync(cancellationToken);
            return new Invited(member.Id, invitation.Code, invitation.ExpiresAt);
        }
    }
}

/// <summary>Told once.</summary>
/// <param name="Id">The account.</param>
/// <param name="InvitationCode">For <c>/staff/invitation</c>, or behind the <c>#</c> of its link.</param>
public sealed record Invited(Guid Id, string InvitationCode, DateTimeOffset ExpiresAt);
