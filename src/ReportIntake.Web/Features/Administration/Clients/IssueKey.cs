using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>Gives a police system a second key beside its first, so that it can change over; answered this once.</summary>
public static class IssueKey
{
    /// <param name="ExpiresAt">When it ends by itself; null for never.</param>
    public sealed record Command(Guid ClientId, DateTimeOffset? ExpiresAt, Actor By) : ICommand<Result<Issued>>;

    public sealed record Issued(Guid KeyId, string ApiKey, string Prefix, DateTimeOffset? ExpiresAt);

    public sealed class Validator : AbstractValidator<Command>
    {
        public Validator(TimeProvider clock) => RuleFor(c => c.ExpiresAt)
            .Must(at => at is null || at > clock.GetUtcNow()).WithErrorCode("in_the_past").WithMessage("The key would have expired already.");
    }

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result<Issued>>
    {
        public async Task<Result<Issued>> Handle(Command request, CancellationToken cancellationToken)
        {
            var client = await database.PoliceClients.Include(c => c.Keys).SingleOrDefaultAsync(c => c.Id == request.ClientId, cancellationToken);
            if (client is not { RevokedAt: null })
            {
                return client is null ? ClientErrors.Unknown : ClientErrors.Revoked;
            }

            var now = clock.GetUtcNow();
            if (client.Keys.Count(k => k.IsLive(now)) >= ClientKey.MaxLive)
            {
                return ClientErrors.TooManyKeys;
            }

            var secret = ApiKey.Create();
            var key = ClientKey.Of(secret, client.Id, now, request.ExpiresAt?.ToUniversalTime());
            client.Version++;
            database.ClientKeys.Add(key);
            database.Ledger.Add(LedgerEntry.Write(request.By, "client_key_issued", null, null, Details(key), now));
            var refusal = await ClientRecords.SaveAsync(database, client, cancellationToken);
            return refusal is null ? new Issued(key.Id, secret.Reveal(), key.Prefix, key.ExpiresAt) : refusal;
        }
    }

    internal static Dictionary<string, string> Details(ClientKey key) => new() { ["clientId"] = key.ClientId.ToString(), ["keyId"] = key.Id.ToString() };
}
