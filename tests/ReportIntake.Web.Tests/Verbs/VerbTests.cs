using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.Verbs;

/// <summary>The program as operators run it: a real process, its exit code and its streams.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("reportintake-verbs-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Migrate_TwoAtOnce_BothSucceedSilently()
    {
        var both = await Task.WhenAll(RunAsync("migrate"), RunAsync("migrate"));

        Assert.All(both, run => Assert.Equal((0, "", ""), run));
    }

    [Fact]
    public async Task Migrate_LockLeftByAKilledProcess_DoesNotWaitForever()
    {
        await RunAsync("migrate");
        await ExecuteAsync("""
            CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
            INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
            """);

        Assert.Equal((0, "", ""), await RunAsync("migrate"));
    }

    [Fact]
    public async Task StaffAdd_GoodThenSame_AddedThenRefused()
    {
        await RunAsync("migrate");

        var first = await RunAsync("staff add --email moderator@reportintake.example --role moderator --role supervisor --password-stdin", StaffAccounts.Password);
        var second = await RunAsync("staff add --email moderator@reportintake.example --role moderator --password-stdin", StaffAccounts.Password);

        Assert.Equal((0, "", ""), first);
        Assert.Equal((1, ""), (second.Exit, second.Out));
        Assert.Contains("account with that e-mail", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaffAdd_Invite_PrintsTheCodeOnce()
    {
        await RunAsync("migrate");

        var (exit, output, error) = await RunAsync("staff add --email invited@reportintake.example --role auditor --invite");

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches("^\\{\"id\":\"[0-9a-f-]{36}\",\"invitationCode\":\"[A-Za-z0-9_-]{43}\",\"expiresAt\":\"[^\"]+\"\\}\\s*$", output);
    }

    [Theory]
    [InlineData("staff add --email nobody --role moderator --password-stdin", StaffAccounts.Password, "email")]
    [InlineData("staff add --email a@b.example --role god --password-stdin", StaffAccounts.Password, "role")]
    [InlineData("staff add --email a@b.example --role admin --password-stdin", "short", "12 characters")]
    [InlineData("staff add --email a@b.example --role admin --password-stdin", "", "password")]
    [InlineData("staff add --email a@b.example --role admin", StaffAccounts.Password, "--password-stdin")]
    [InlineData("staff add --email a@b.example --role admin --invite --password-stdin", StaffAccounts.Password, "--invite")]
    [InlineData("clients add --name N --scope reports.write --area 32", "", "scope")]
    [InlineData("clients add --name N --scope reports.read --area nowhere", "", "area")]
    [InlineData("nonsense", "", "nonsense")]
    public async Task Verb_WrongArgument_ExitsOneWithTheReasonOnStderr(string arguments, string input, string reason)
    {
        await RunAsync("migrate");

        var run = await RunAsync(arguments, input);

        Assert.Equal((1, ""), (run.Exit, run.Out));
        Assert.Contains(reason, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ClientsAdd_Good_PrintsOneLineOfJson()
    {
        await RunAsync("migrate");

        var run = await RunAsync("clients add --name Polda --scope reports.read --scope evidence.read --area 32 --area 31.71");

        Assert.Equal((0, ""), (run.Exit, run.Error));
        var issued = JsonSerializer.Deserialize<JsonElement>(Assert.Single(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(["clientId", "apiKey"], issued.EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("ri_", issued.GetProperty("apiKey").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientsRotate_Twice_PrintsASecondKeyAndRefusesAThird()
    {
        await RunAsync("migrate");
        var added = await RunAsync("clients add --name Polda --scope reports.read --area 32");
        var id = JsonSerializer.Deserialize<JsonElement>(added.Out).GetProperty("clientId").GetString();

        var second = await RunAsync($"clients rotate --id {id}");
        var third = await RunAsync($"clients rotate --id {id}");

        Assert.Equal((0, ""), (second.Exit, second.Error));
        Assert.StartsWith("ri_", JsonSerializer.Deserialize<JsonElement>(second.Out).GetProperty("apiKey").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, ""), (third.Exit, third.Out));
        Assert.Contains("two keys", third.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LedgerVerify_UntouchedThenEdited_NamesTheEntry()
    {
        await RunAsync("migrate");
        await RunAsync("clients add --name Polda --scope reports.read --area 32");

        var untouched = await RunAsync("ledger verify");
        await ExecuteAsync("UPDATE Ledger SET Action = 'client_revoked'");
        var edited = await RunAsync("ledger verify");

        Assert.Equal((0, "", ""), untouched);
        Assert.Equal((1, ""), (edited.Exit, edited.Out));
        Assert.Contains("edited", edited.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvidenceRewrap_EmptyStore_PrintsOneLineOfJson()
    {
        var run = await RunAsync("evidence rewrap");

        Assert.Equal((0, "{\"rewrapped\":0,\"current\":0}\n", ""), run);
    }

    [Fact]
    public async Task LedgerVerify_WithEvidenceAndKeptHeads_ReadsBoth()
    {
        await RunAsync("migrate");
        var kept = Path.Combine(directory, "heads.json");
        await File.WriteAllTextAsync(kept, "{\"items\":[],\"nextCursor\":null}");

        var good = await RunAsync($"ledger verify --evidence --tree-heads {kept}");
        await File.WriteAllTextAsync(kept, "{}");
        var noHeads = await RunAsync($"ledger verify --tree-heads {kept}");

        Assert.Equal((0, "", ""), good);
        Assert.Equal((1, ""), (noHeads.Exit, noHeads.Out));
        Assert.Contains("tree head", noHeads.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StaffAdd_NotMigrated_ExitsOne()
    {
        var run = await RunAsync("staff add --email a@b.example --role admin --password-stdin", StaffAccounts.Password);

        Assert.Equal((1, ""), (run.Exit, run.Out));
        Assert.NotEmpty(run.Error);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "reportintake.db")}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private Task<(int Exit, string Out, string Error)> RunAsync(string arguments, string input = "") =>
        ProgramProcess.RunAsync(directory, new Dictionary<string, string>(), arguments, input);
}
