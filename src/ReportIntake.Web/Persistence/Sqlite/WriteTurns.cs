using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>
/// Writers of this process take turns, first come, first served. SQLite has one writer at a time and lets the others try
/// again after pauses, whoever is lucky first: under steady writing some wait until their time is over, and a citizen is
/// answered 503. Between processes SQLite's own lock decides.
/// </summary>
/// <remarks>
/// A turn is a transaction, or a statement outside of any. Transactions begin <c>IMMEDIATE</c> (Microsoft.Data.Sqlite's
/// default), so that a turn is no longer than SQLite's lock would be held anyway. One that is left without commit or
/// rollback ends when its connection closes.
/// </remarks>
public sealed class WriteTurns : DbCommandInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor, IDisposable
{
    /// <summary>Whoever waited so long goes on without a turn: SQLite's own answer is then the right one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentDictionary<Guid, bool> holders = [];

    public void Dispose() => turn.Dispose();

    public InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Take(eventData.ConnectionId);
        return result;
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        await TakeAsync(eventData.ConnectionId, cancellationToken);
        return result;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => GiveBack(eventData.ConnectionId);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        GiveBackAsync(eventData.ConnectionId);

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => GiveBack(eventData.ConnectionId);

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        GiveBackAsync(eventData.ConnectionId);

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => GiveBack(eventData.ConnectionId);

    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData) => GiveBackAsync(eventData.ConnectionId);

    /// <summary>A transaction that could not even begin is told by nothing else: without this its turn would never end, and each writer would wait out its patience.</summary>
    public InterceptionResult ConnectionDisposing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        GiveBack(eventData.ConnectionId);
        return result;
    }

    /// <inheritdoc cref="ConnectionDisposing"/>
    public ValueTask<InterceptionResult> ConnectionDisposingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        GiveBack(eventData.ConnectionId);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        if (command.Transaction is null)
        {
            Take(eventData.ConnectionId);
        }

        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null)
        {
            await TakeAsync(eventData.ConnectionId, cancellationToken);
        }

        return result;
    }

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        End(command, eventData);
        return result;
    }

    public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        End(command, eventData);
        return ValueTask.FromResult(result);
    }

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) => End(command, eventData);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        End(command, eventData);
        return Task.CompletedTask;
    }

    public override void CommandCanceled(DbCommand command, CommandEndEventData eventData) => End(command, eventData);

    public override Task CommandCanceledAsync(DbCommand command, CommandEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(command, eventData);
        return Task.CompletedTask;
    }

    private void End(DbCommand command, CommandEndEventData eventData)
    {
        if (command.Transaction is null)
        {
            GiveBack(eventData.ConnectionId);
        }
    }

    private void Take(Guid connection)
    {
        if (!holders.ContainsKey(connection) && turn.Wait(Patience))
        {
            holders[connection] = true;
        }
    }

    private async Task TakeAsync(Guid connection, CancellationToken cancellationToken)
    {
        if (!holders.ContainsKey(connection) && await turn.WaitAsync(Patience, cancellationToken))
        {
            holders[connection] = true;
        }
    }

    private void GiveBack(Guid connection)
    {
        if (holders.TryRemove(connection, out _))
        {
            turn.Release();
        }
    }

    private Task GiveBackAsync(Guid connection)
    {
        GiveBack(connection);
        return Task.CompletedTask;
    }
}
