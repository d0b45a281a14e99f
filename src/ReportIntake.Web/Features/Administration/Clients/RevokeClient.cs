using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>Shuts a police system out with all its keys and tokens, at once and for good. To revoke twice is no mistake.</summary>
public static class RevokeClient
{
    public sealed record Command(Guid ClientId, Actor By) : ICommand<Result>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var client = await database.PoliceClients.SingleOrDefaultAsync(c => c.Id == request.ClientId, cancellationToken);
            if (client is null)
            {
                return ClientErrors.Unknown;
            }

            if (client.RevokedAt is null)
            {
                var now = clock.GetUtcNow();
                client.RevokedAt = now;
                client.Version++;
                database.Ledger.Add(LedgerEntry.Write(request.By, "client_revoked", null, null, new Dictionary<string, string> { ["clientId"] = client.Id.ToString() }, now));
                var refusal = await ClientRecords.SaveAsync(database, client, cancellationToken);
                return refusal is null ? Result.Success : refusal;
            }

            return Result.Success;
        }
    }
}
