using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>Gives a police system other terms, all of them anew. They count from its next request on.</summary>
public static class ChangeClient
{
    public sealed record Command(Guid ClientId, ClientTerms Terms, Actor By) : ICommand<Result>;

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(IValidator<ClientTerms> terms) => RuleFor(c => c.Terms).SetValidator(terms).OverridePropertyName("");
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var client = await database.PoliceClients.SingleOrDefaultAsync(c => c.Id == request.ClientId, cancellationToken);
            if (client is not { RevokedAt: null })
            {
                return client is null ? ClientErrors.Unknown : ClientErrors.Revoked;
            }

            request.Terms.Apply(client);
            database.Ledger.Add(ClientRecords.Entry(request.By, "client_changed", client, clock.GetUtcNow()));
            var refusal = await ClientRecords.SaveAsync(database, client, cancellationToken);
            return refusal is null ? Result.Success : refusal;
        }
    }
}
