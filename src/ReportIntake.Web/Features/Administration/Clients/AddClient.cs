using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>Gives a police system its credentials. The key is answered this once and kept only as a hash.</summary>
public static class AddClient
{
    public const int NameMaxLength = 200;

    public sealed record Command(string Name, IReadOnlyList<string> Scopes, IReadOnlyList<string> Areas, Actor By) : ICommand<Result<Issued>>
    {
        /// <summary>Codes of the categories it is given; empty: all.</summary>
        public IReadOnlyList<string> Categories { get; init; } = [];

        /// <summary>Names of the tiers it is given; empty: all.</summary>
        public IReadOnlyList<string> Tiers { get; init; } = [];
    }

    public sealed record Issued(Guid ClientId, string ApiKey);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(ReportCatalogue catalogue)
        {
            RuleFor(c => c.Name).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required")
                .MaximumLength(NameMaxLength).WithErrorCode("too_long");
            RuleFor(c => c.Scopes).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required").WithMessage("At least one scope is needed.")
                .Must(scopes => scopes.All(PoliceScopes.All.Contains))
                .WithErrorCode("scope_unknown").WithMessage($"A scope is not known; scopes are {string.Join(", ", PoliceScopes.All)}.");
            RuleFor(c => c.Categories).Must(codes => codes.All(c => catalogue.Category(c) is not null))
                .WithErrorCode("unknown_code").WithMessage("A category is not known.");
            RuleFor(c => c.Tiers).Must(names => names.All(t => EnumNames.TryParse<Tier>(t, out _)))
                .WithErrorCode("unknown_code").WithMessage("A tier is not known.");
            RuleFor(c => c.Areas).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required").WithMessage("At least one area is needed.")
                .Must(areas => areas.All(a => a == PoliceClientAccess.National || catalogue.IsArea(a)))
                .WithErrorCode("area_unknown").WithMessage("An area is not known; areas are official codes (32 or 32.74) or national.");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Issued>>
    {
        public async Task<Result<Issued>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await database.PoliceClients.AnyAsync(c => c.Name == request.Name && c.RevokedAt == null, cancellationToken))
            {
                return AdministrationErrors.ClientExists;
            }

            var now = clock.GetUtcNow();
            var key = ApiKey.Create();
            var client = new PoliceClient
            {
                Id = Guid.CreateVersion7(now),
                Name = request.Name,
                KeyPrefix = key.Prefix,
                KeyHash = key.Hash(),
                Scopes = [.. request.Scopes.Distinct()],
                Areas = [.. request.Areas.Distinct()],
                Categories = [.. request.Categories.Distinct()],
                Tiers = [.. request.Tiers.Distinct()],
                CreatedAt = now,
            };
            database.PoliceClients.Add(client);
            database.Ledger.Add(LedgerEntry.Write(
                request.By,
                "client_added",
                null,
                null,
                new Dictionary<string, string> { ["clientId"] = client.Id.ToString(), ["scopes"] = string.Join(',', client.Scopes), ["areas"] = string.Join(',', client.Areas), ["categories"] = string.Join(',', client.Categories), ["tiers"] = string.Join(',', client.Tiers) },
                now));
            await database.SaveChangesAsync(cancellationToken);
            return new Issued(client.Id, key.Reveal());
        }
    }
}
