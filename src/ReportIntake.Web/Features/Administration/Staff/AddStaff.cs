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

namespace ReportIntake.Web.Features.Administration.Staff;

/// <summary>Gives a person an account. The second factor is set up by that person at the first sign-in.</summary>
public static class AddStaff
{
    public sealed record Command(string Email, string Password, IReadOnlyList<string> Roles, Actor By) : ICommand<Result<Guid>>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator()
        {
            RuleFor(c => c.Email).MustBeEmail();
            RuleFor(c => c.Password).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required")
                .MaximumLength(StaffPasswords.MaxLength).WithErrorCode("too_long");
            RuleFor(c => c.Roles).MustBeRoles();
        }
    }

    public sealed class Handler(UserManager<StaffMember> accounts, ReportIntakeDbContext database, TimeProvider clock)
        : IRequestHandler<Command, Result<Guid>>
    {
        public async Task<Result<Guid>> Handle(Command request, CancellationToken cancellationToken)
        {
            var now = clock.GetUtcNow();
            var member = StaffMember.Create(request.Email, now);
            if (await accounts.TryCreateAsync(member, request.Password) is { } refusal)
            {
                return refusal;
            }

            var roles = request.Roles.Distinct().ToList();
            await accounts.AddToRolesAsync(member, roles);
            database.Ledger.Add(LedgerEntry.Write(request.By, "staff_added", null, null, StaffChange.Details(member.Id, roles), now));
            await database.SaveChangesAsync(cancellationToken);
            return member.Id;
        }
    }
}

public static class StaffRules
{
    public static void MustBeEmail<T>(this IRuleBuilderInitial<T, string> rule) => rule.Cascade(CascadeMode.Stop)
        .NotEmpty().WithErrorCode("required")
        .MaximumLength(StaffMember.EmailMaxLength).WithErrorCode("too_long")
        .Must(e => System.Net.Mail.MailAddress.TryCreate(e, out var address) && address.Address == e && address.Host.Contains('.', StringComparison.Ordinal))
        .WithErrorCode("email_invalid").WithMessage("That is no e-mail address.");

    /// <summary>At least one role, and only known ones.</summary>
    public static void MustBeRoles<T>(this IRuleBuilderInitial<T, IReadOnlyList<string>> rule) => rule.Cascade(CascadeMode.Stop)
        .NotEmpty().WithErrorCode("required").WithMessage("At least one role is needed.")
        .Must(roles => roles.All(StaffRoles.All.Contains))
        .WithErrorCode("role_unknown").WithMessage($"A role is not known; roles are {string.Join(", ", StaffRoles.All)}.");
}

public static class NewAccount
{
    /// <param name="accounts">Where it is kept.</param>
    /// <param name="member">The new account.</param>
    /// <param name="password">Null where the person is yet to choose one.</param>
    /// <returns>The refusal, if any.</returns>
    public static async Task<Error?> TryCreateAsync(this UserManager<StaffMember> accounts, StaffMember member, string? password)
    {
        try
        {
            var created = password is null ? await accounts.CreateAsync(member) : await accounts.CreateAsync(member, password);
            return created.Succeeded ? null : created.ToError();
        }
        catch (DbUpdateException exception) when (UniqueIndex.Refused(exception))
        {
            return IdentityResult.Failed(accounts.ErrorDescriber.DuplicateEmail(member.Email!)).ToError(); // another admin was first, a moment ago
        }
    }
}

/// <summary>What the ledger keeps of a change to an account: ids and roles, no address.</summary>
public static class StaffChange
{
    public static Dictionary<string, string> Details(Guid staffId, IEnumerable<string> roles) =>
        new() { ["staffId"] = staffId.ToString(), ["roles"] = string.Join(',', roles.Order(StringComparer.Ordinal)) };
}
