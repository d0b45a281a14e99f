using System.Text.RegularExpressions;

namespace ReportIntake.Web.Tests.Architecture;

/// <summary>What keeps one program right on two databases, read from its sources.</summary>
public sealed partial class DatabaseRulesTests
{
    private const string Strategy = "CreateExecutionStrategy().ExecuteAsync";

    /// <summary>Who may ask which database it is, with the reason.</summary>
    private static readonly Dictionary<string, string> MayAsk = new()
    {
        ["Verbs/Backup.cs"] = "SQLite's own backup; refuses the other",
        ["Verbs/Restore.cs"] = "its counterpart",
        ["Verbs/DatabaseSnapshot.cs"] = "SQLite's online backup itself",
        ["Settings/KnownSettings.cs"] = "lists every options class",
        ["Jobs/JobsSetup.cs"] = "Hangfire's tables are on SQL Server or nowhere",
    };

    private static readonly string Sources = Path.Combine(Repository(), "src", "ReportIntake.Web");

    /// <summary>SQL Server's retries refuse a transaction that they did not begin: it could not be run again as a whole.</summary>
    [Fact]
    public void Transactions_All_BeginInsideAnExecutionStrategy()
    {
        var transactions = (from file in Files() from Match begun in Begin().Matches(file.Text) select (file.Name, file.Text, begun.Index)).ToList();

        Assert.True(transactions.Count >= 7, "The sources are written otherwise now: look for what begins a transaction.");
        Assert.All(transactions, t => Assert.True(IsInside(t.Text, t.Index), $"{t.Name} begins a transaction outside of an execution strategy."));
    }

    [Fact]
    public void Strategies_All_BeginWithoutWhatAFailedAttemptTracked()
    {
        var forgetful = from file in Files()
                        from Match call in Strategies().Matches(file.Text)
                        let body = file.Text[call.Index..Math.Min(file.Text.Length, call.Index + 2_000)]
                        where !body.Contains("ChangeTracker.Clear()", StringComparison.Ordinal) && !body.Contains("acceptAllChangesOnSuccess: false", StringComparison.Ordinal)
                            && body.Contains("SaveChangesAsync", StringComparison.Ordinal)
                        select file.Name;

        Assert.Empty(forgetful);
    }

    [Fact]
    public void Provider_IsAskedForInPersistenceAlone()
    {
        var asking = from file in Files()
                     where !file.Name.StartsWith("Persistence/", StringComparison.Ordinal) && !MayAsk.ContainsKey(file.Name) && Provider().IsMatch(file.Text)
                     select file.Name;

        Assert.Empty(asking);
    }

    /// <summary>Claims are conditional updates everywhere: no lock hints, no MERGE, no SQL of one engine in the features.</summary>
    [Fact]
    public void Sql_Sources_HaveNoLockHintsAndNoMerge()
    {
        var hints = from file in Files()
                    from Match hint in LockHint().Matches(file.Text)
                    select $"{file.Name}: {hint.Value}";

        Assert.Empty(hints);
    }

    /// <summary>True where some bracket around the place was opened by the execution strategy's call.</summary>
    private static bool IsInside(string text, int place)
    {
        var depth = 0;
        for (var i = place - 1; i >= 0; i--)
        {
            depth += text[i] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth < 0)
            {
                if (text[..i].EndsWith(Strategy, StringComparison.Ordinal))
                {
                    return true;
                }

                depth = 0;
            }
        }

        return false;
    }

    private static IEnumerable<(string Name, string Text)> Files() =>
        from path in Directory.EnumerateFiles(Sources, "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Sources, path)
        where !name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith("bin/", StringComparison.Ordinal) && !name.Contains("/Migrations/", StringComparison.Ordinal)
        select (name, File.ReadAllText(path));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ReportIntake.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"\.Database\s*\.BeginTransaction|\bTransactionScope\b|UseTransaction", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Begin();

    [GeneratedRegex(@"CreateExecutionStrategy\(\)\.ExecuteAsync", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Strategies();

    [GeneratedRegex(@"\bIsSqlServer\b|\bIsSqlite\b|\.ProviderName\b|\bSqliteReportIntakeDbContext\b|\bSqlServerReportIntakeDbContext\b|\bDatabaseProvider\b|\bDatabaseOptions\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Provider();

    [GeneratedRegex(@"\b(UPDLOCK|HOLDLOCK|READPAST|NOLOCK|ROWLOCK|TABLOCKX?|XLOCK|MERGE INTO)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LockHint();
}
