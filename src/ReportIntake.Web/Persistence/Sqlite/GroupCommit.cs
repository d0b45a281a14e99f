using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Web.Persistence.Sqlite;

/// <summary>
/// A commit is answered when it is on the disk, but the next writer need not wait for that: SQLite writes commits one after
/// the other to its write-ahead log and leaves flushing it to us (<c>synchronous=NORMAL</c>), and one flush serves all that
/// have committed meanwhile.
/// </summary>
/// <remarks>
/// What is in the log is found again up to the first gap (https://www.sqlite.org/wal.html), so that a commit that is durable
/// has all before it durable with it. Others may see a commit some milliseconds before it survives a power cut. What is told
/// outside by its position must not be seen so early: see <see cref="ReportIntakeDbContext.FlushBeforeOthersSeeAsync"/>.
/// Must come after <see cref="WriteTurns"/> among the interceptors: the turn is given back before the flush.
/// </remarks>
public sealed class GroupCommit : DbCommandInterceptor, IDbTransactionInterceptor, IDisposable
{
    private readonly string log;
    private readonly GroupFlush flush;

    /// <param name="database">Path of the database's file.</param>
    public GroupCommit(string database) => (log, flush) = (database + "-wal", new GroupFlush(FlushLog));

    public void Dispose() => flush.Dispose();

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => flush.FlushAsync().GetAwaiter().GetResult();

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => flush.FlushAsync();

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        if (command.Transaction is null)
        {
            flush.FlushAsync().GetAwaiter().GetResult();
        }

        return result;
    }

    public override async ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null)
        {
            await flush.FlushAsync();
        }

        return result;
    }

    private void FlushLog()
    {
        try
        {
            using var file = File.OpenHandle(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(file);
            }
            else if (FlushData(file) != 0)
            {
                throw new IOException($"The database's log cannot be flushed (errno {Marshal.GetLastPInvokeError()}).");
            }
        }
        catch (FileNotFoundException)
        {
            // The last connection has closed, and SQLite has brought all of it into the database and flushed that.
        }
    }

    /// <summary>Without the time of writing, for which a file system would have to write its journal each time.</summary>
    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushData(SafeFileHandle file);
}
