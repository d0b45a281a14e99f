using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;

namespace ReportIntake.Web.Tests.ErrorHandling;

/// <summary>A database that does not answer: refused with 503, nothing half-written, well again by itself. SQLite's own cases, whatever the suite runs on.</summary>
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task Submit_DatabaseLocked_UnavailableAndNothingWritten()
    {
        await using var host = new SqliteHost();
        using var client = host.Client();
        await SubmitAsync(client, HttpStatusCode.Created);
        await using (var other = new SqliteConnection($"Data Source={host.Database};Pooling=false"))
        {
            await other.OpenAsync();
            await using var locking = other.CreateCommand();
            locking.CommandText = "BEGIN EXCLUSIVE";
            await locking.ExecuteNonQueryAsync();

            using var refused = await client.PostAsJsonAsync("/api/v1/reports", Answers.SmallReport);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("database_unavailable", await refused.CodeAsync());
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await SubmitAsync(client, HttpStatusCode.Created);
        Assert.Equal(2, await host.WithDatabaseAsync(database => database.Reports.CountAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_DatabaseUnreadable_UnavailableUntilItIsBack(bool gone)
    {
        await using var host = new SqliteHost();
        using var client = host.Client();
        await SubmitAsync(client, HttpStatusCode.Created);
        using (var pool = new SqliteConnection(host.ConnectionString))
        {
            SqliteConnection.ClearPool(pool);
        }

        foreach (var file in host.DatabaseFiles())
        {
            File.Move(file, file + ".away");
        }

        if (gone)
        {
            Directory.CreateDirectory(host.Database); // neither readable nor to be made anew
        }
        else
        {
            await File.WriteAllTextAsync(host.Database, "This is no database, however long it may be looked at.");
        }

        using var refused = await client.PostAsJsonAsync("/api/v1/reports", Answers.SmallReport);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("database_unavailable", await refused.CodeAsync());
        Assert.NotNull(refused.Headers.RetryAfter);

        using (var pool = new SqliteConnection(host.ConnectionString))
        {
            SqliteConnection.ClearPool(pool);
        }

        if (gone)
        {
            Directory.Delete(host.Database);
        }

        foreach (var file in Directory.GetFiles(host.DataDirectory, "reportintake.db*.away"))
        {
            File.Move(file, file[..^".away".Length], overwrite: true);
        }

        await SubmitAsync(client, HttpStatusCode.Created);
        Assert.Equal(2, await host.WithDatabaseAsync(database => database.Reports.CountAsync()));
    }

    private static async Task SubmitAsync(HttpClient client, HttpStatusCode expected)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/reports", Answers.SmallReport);
        Assert.Equal(expected, answer.StatusCode);
    }

    private sealed class SqliteHost : IntakeHost
    {
        public string Database => Path.Combine(DataDirectory, "reportintake.db");

        /// <summary>Waits for a lock as short as it can be set.</summary>
        public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Database, DefaultTimeout = 1 }.ConnectionString;

        public IEnumerable<string> DatabaseFiles() => Directory.GetFiles(DataDirectory, "reportintake.db").Concat(Directory.GetFiles(DataDirectory, "reportintake.db-*"));

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Database:Provider", "Sqlite").UseSetting("ConnectionStrings:ReportIntake", ConnectionString);

            // No jobs: they would hold a connection to the file that is moved away, or make an empty one in its place.
            builder.UseSetting("Role", "web");
        }
    }
}
