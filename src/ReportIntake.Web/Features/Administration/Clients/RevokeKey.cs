using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Administration.Clients;

/// <summary>Takes one key away, at once and for good; the client and its other key stay. To revoke twice is no mistake.</summary>
public static class RevokeKey
{
    public sealed record Command(Guid ClientId, Guid KeyId, Actor By) : ICommand<Result>;

    public sealed class Handler(ReportIntakeDbContext database, TimeProvider clock) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var key = await database.ClientKeys.SingleOrDefaultAsync(k => k.Id == request.KeyId && k.ClientId == request.ClientId, cancellationToken);
            if (key is null)
            {
                return ClientErrors.UnknownKey;
            }

            if (key.RevokedAt is null)
            {
                var now = clock.GetUtcNow();
                key.RevokedAt = now;
                database.Ledger.Add(LedgerEntry.Write(request.By, "client_key_revoked", null, null, IssueKey.Details(key), now));
                await database.SaveChangesAsync(cancellationToken);
            }

            return Result.Success;
        }
    }
}
