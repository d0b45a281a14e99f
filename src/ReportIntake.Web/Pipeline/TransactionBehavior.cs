using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Pipeline;

/// <summary>
/// One transaction around each command: the change, its ledger entries and its jobs are all kept or none is.
/// A command may run again after a transient fault of the database, so a handler must have no other effect.
/// Two commands racing for one report: one wins, the other is refused.
/// </summary>
public sealed class TransactionBehavior<TRequest, TResponse>(ReportIntakeDbContext database, OutboxSignal signal)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request is not ICommand<TResponse>)
        {
            return await next();
        }

        try
        {
            return await InTransactionAsync(next, cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return TResponse.Failure(ReportErrors.Changed);
        }
        catch (DbUpdateException exception) when (UniqueIndex.Refused(exception))
        {
            // Another command made the same row at the same time (the answer to one idempotency key, a person's first look of the
            // day): it is there now, and this one finds it.
            return await InTransactionAsync(next, cancellationToken);
        }
    }

    private Task<TResponse> InTransactionAsync(RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            var response = await next();
            if (response.Error is null)
            {
                await transaction.CommitAsync(CancellationToken.None);
                signal.Set();
            }

            return response;
        });
}
