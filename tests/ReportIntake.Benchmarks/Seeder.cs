using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Testing;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Fills the SQLite database of a host with made-up reports, a million in minutes: each goes through the aggregate's own
/// methods and the model's own conversions, so that it is sealed and findable as if it had been filed, and is then written
/// by prepared statements, many at a time. No file, ledger entry or job is made: a ledger of a million would have to be
/// sequenced first.
/// </summary>
internal sealed class Seeder(IntakeHost host)
{
    private const int BatchSize = 4_000;

    /// <summary>Less than retention gives a rejected report: nothing is due to be purged.</summary>
    private const int Days = 300;

    /// <summary>The share of the reports that are in each state, in percent.</summary>
    private const int Waiting = 20, Asked = 1, Rejected = 24;

    /// <summary>Reports that somebody holds, however many there are: there are no more people for them.</summary>
    private const int Claimed = 100;

    private static readonly Actor Moderator = Actor.Moderator(Guid.Parse("5a4db0c5-0000-4000-8000-000000000002"));

    private readonly List<(long Term, long TextId)> terms = [];

    /// <param name="reports">How many are there afterwards.</param>
    public async Task FillAsync(int reports)
    {
        _ = host.Address;
        await using var scope = host.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>();
        if (!database.Database.IsSqlite())
        {
            throw new InvalidOperationException("The seeder writes SQLite.");
        }

        var index = scope.ServiceProvider.GetRequiredService<TextIndex>();
        await database.Database.OpenConnectionAsync();
        var connection = (SqliteConnection)database.Database.GetDbConnection();

        // A database that is made up may be lost with the power.
        Execute(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA wal_autocheckpoint=0;");
        var indexes = Indexes(connection);
        Execute(connection, string.Join(' ', indexes.Select(i => $"DROP INDEX \"{i.Name}\";"))); // sorted once at the end, not a million times
        var until = TimeProvider.System.GetUtcNow();
        until = until.AddTicks(-(until.Ticks % TimeSpan.TicksPerSecond));
        var start = until.AddDays(-Days);
        for (var first = 0; first < reports; first += BatchSize)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using var rows = new SeedRows(database, connection, transaction);
            var made = ParallelEnumerable.Range(first + 1, Math.Min(BatchSize, reports - first)).AsOrdered().Select(number =>
            {
                var random = new Random(number);
                var report = Make(new SeedWords(random, reports), random, number, reports, start.AddSeconds(Days * 86_400.0 * number / reports), until);
                return (Number: number, Report: report, Terms: index.TermsOf(report));
            });
            foreach (var (number, report, found) in made)
            {
                rows.Write(report, number);
                terms.AddRange(found.Select(term => (term, (long)number)));
            }

            transaction.Commit();
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
        }

        WriteTerms(connection);
        Execute(connection, string.Join(' ', indexes.Select(i => i.Sql + ";")));
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO Counters (Name, Value) VALUES ('reference-{until.Year}', {reports}); PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=1000;"));
        await database.Database.CloseConnectionAsync();
        SqliteConnection.ClearAllPools();
    }

    /// <param name="until">The end of the time that the reports are spread over: now.</param>
    private static Report Make(SeedWords words, Random random, int number, int reports, DateTimeOffset at, DateTimeOffset until)
    {
        var facts = words.Facts();
        var report = Report.Submit(Reference.Format(at.Year, number), RandomNumberGenerator.GetBytes(32), facts, words.Assessment(facts, at), 0, at).Value;
        report.ClearEvents();
        var fate = random.Next(100);
        var now = at.AddMinutes(random.Next(10, 600));
        if (fate < Waiting)
        {
            // As the jobs would have left it: they have nothing to do while something is measured.
            if (report.EscalatesAt <= until)
            {
                Done(report.Escalate(["supervisor"], report.EscalatesAt.Value));
                report.ClearEvents();
            }

            return report;
        }

        if (number % Math.Max(1, reports / Claimed) == 0)
        {
            Done(report.Claim(Moderator, until));
            report.ClearEvents();
            return report;
        }

        Done(report.Claim(Moderator, now));
        if (fate < Waiting + Asked)
        {
            Done(report.RequestInformation(Moderator, "Apakah akun ini masih aktif?", now.AddDays(3650), now));
        }
        else if (fate < Waiting + Asked + Rejected && !report.ChildSafety && report.ProvisionalTier is not Domain.Triage.Tier.Immediate)
        {
            Done(report.Reject(Moderator, random.Next(4) == 0 ? Disposition.SpamOrAbuse : Disposition.InsufficientInformation, null, now.AddMinutes(3)));
        }
        else
        {
            Done(report.Verify(Moderator, report.Category, report.ChildSafety, report.ProvisionalTier, null, now.AddMinutes(5)));
        }

        report.ClearEvents();
        return report;
    }

    /// <summary>In the order of their key: each goes to the end of its tree.</summary>
    private void WriteTerms(SqliteConnection connection)
    {
        terms.Sort();
        using var transaction = connection.BeginTransaction(deferred: false);
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO TextTerms (Term, TextId) VALUES (@term, @text)";
        var (term, text) = (insert.Parameters.Add("@term", SqliteType.Integer), insert.Parameters.Add("@text", SqliteType.Integer));
        insert.Prepare();
        foreach (var (key, number) in terms)
        {
            (term.Value, text.Value) = (key, number);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        terms.Clear();
    }

    /// <summary>Those that can be dropped: not the ones that hold a key.</summary>
    private static List<(string Name, string Sql)> Indexes(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('Reports', 'Subjects', 'Indicators', 'ReportTexts', 'Messages', 'Votes')";
        using var rows = command.ExecuteReader();
        var indexes = new List<(string, string)>();
        while (rows.Read())
        {
            indexes.Add((rows.GetString(0), rows.GetString(1)));
        }

        return indexes;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        if (sql.Length > 0)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.CommandTimeout = 600;
            command.ExecuteNonQuery();
        }
    }

    private static void Done(Domain.Results.Result result)
    {
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException(result.Error.Code);
        }
    }
}
