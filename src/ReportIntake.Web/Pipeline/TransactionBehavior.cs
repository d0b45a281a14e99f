using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Pipeline;

/// <summary>
/// A command that many send at once. Its handler reads, reckons and adds to the context, and neither begins a transaction nor
/// saves: all of it is saved afterwards, in a transaction no longer than its statements. On SQLite one writes at a time, and
/// what is reckoned within a transaction keeps all other writers waiting. Where what was read was changed meanwhile it runs again.
/// </summary>
public interface ISavedAtEnd;

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
            return await InTransactionAsync(request, next, cancellationToken);
        }
        catch (DbUpdateConcurrencyException) when (request is not ISavedAtEnd)
        {
            return TResponse.Failure(ReportErrors.Changed);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || UniqueIndex.Refused(exception))
        {
            // Another command made the same row at the same time (the answer to one idempotency key, a person's first look of the
            // day): it is there now, and this one finds it.
            return await InTransactionAsync(request, next, cancellationToken);
        }
    }

    private Task<TResponse> InTransactionAsync(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            database.ChangeTracker.Clear();
            await database.Database.OpenConnectionAsync(cancellationToken); // once for all that the command asks
            try
            {
                if (request is not ISavedAtEnd)
                {
                    await database.Database.BeginTransactionAsync(cancellationToken);
                }

                var response = await next();
                if (response.Error is null)
                {
                    await database.SaveChangesAsync(CancellationToken.None); // from here on it is kept, whoever has hung up
                    if (database.Database.CurrentTransaction is { } transaction)
                    {
                        await transaction.CommitAsync(CancellationToken.None);
                        await transaction.DisposeAsync();
                    }

                    signal.Set();
                }

                return response;
            }
            finally
            {
                if (database.Database.CurrentTransaction is { } left)
                {
                    await left.DisposeAsync();
                }

                await database.Database.CloseConnectionAsync();
            }
        });
}
