using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>Gives a police system its credentials. The key is answered this once and kept only as a hash.</summary>
public static class AddClient
{
    public const int NameMaxLength = 200;

    public sealed record Command(string Name, ClientTerms Terms, Actor By) : ICommand<Result<Issued>>
    {
        /// <summary>A system with a key, bound to nothing else.</summary>
        public Command(string name, IReadOnlyList<string> scopes, IReadOnlyList<string> areas, Actor by) : this(name, new ClientTerms(scopes, areas), by)
        {
        }
    }

    public sealed record Issued(Guid ClientId, string ApiKey);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(IValidator<ClientTerms> terms)
        {
            RuleFor(c => c.Name).Cascade(CascadeMode.Stop)
                .NotEmpty().WithErrorCode("required")
                .MaximumLength(NameMaxLength).WithErrorCode("too_long");
            RuleFor(c => c.Terms).SetValidator(terms).OverridePropertyName("");
        }
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Issued>>
    {
        public async Task<Result<Issued>> Handle(Command request, CancellationToken cancellationToken)
        {
            if (await database.PoliceClients.AnyAsync(c => c.Name == request.Name && c.RevokedAt == null, cancellationToken))
            {
                return ClientErrors.Exists;
            }

            var now = clock.GetUtcNow();
            var key = ApiKey.Create();
            var client = new PoliceClient { Id = Guid.CreateVersion7(now), Name = request.Name, Scopes = [], Areas = [], CreatedAt = now };
            request.Terms.Apply(client);
            client.Keys.Add(ClientKey.Of(key, client.Id, now));
            database.PoliceClients.Add(client);
            database.Ledger.Add(ClientRecords.Entry(request.By, "client_added", client, now));
            var refusal = await ClientRecords.SaveAsync(database, client, cancellationToken);
            return refusal is null ? new Issued(client.Id, key.Reveal()) : refusal;
        }
    }
}
