using System.Globalization;
using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>What a load run is asked for, from the command line and the environment, and the program's settings for it.</summary>
/// <param name="Rate">Submissions a second that are begun, whether or not earlier ones were answered.</param>
/// <param name="Seconds">How long; <c>LOAD_SECONDS</c>.</param>
/// <param name="Decisions">Moderators' decisions a second; <c>LOAD_DECISIONS</c>.</param>
/// <param name="SqlServer">A database on the server of <c>LOAD_SQLSERVER</c> (a connection string without one); null runs on SQLite.</param>
internal sealed record LoadSettings(int Rate, int Seconds, double Decisions, SqlServerDatabase? SqlServer)
{
    public const string Password = "tenang-sungai-lentera-91";

    /// <summary>Whatever a caller wrote, a run ends by itself.</summary>
    private const int LongestSeconds = 3600;

    public bool OnSqlServer => SqlServer is not null;

    public string Engine => OnSqlServer ? "SQL Server" : "SQLite";

    public string? ConnectionString => SqlServer?.ConnectionString;

    public static LoadSettings Of(int? rate, int standardRate, int standardSeconds) => new(
        rate ?? standardRate,
        Math.Min((int)Number("LOAD_SECONDS", standardSeconds), LongestSeconds),
        Number("LOAD_DECISIONS", 5),
        Environment.GetEnvironmentVariable("LOAD_SQLSERVER") is { Length: > 0 } server ? new SqlServerDatabase(server) : null);

    /// <summary>The program's environment. All callers come from one address, so the limits by address are out of the way.</summary>
    public Dictionary<string, string> Program(string role)
    {
        var settings = new Dictionary<string, string>
        {
            ["Role"] = role,
            ["Database__Provider"] = OnSqlServer ? "SqlServer" : "Sqlite",
            ["Staff__RequireTwoFactor"] = "false",
            ["Webhooks__AllowHttp"] = "true",
            ["Webhooks__AllowedNetworks__0"] = "127.0.0.0/8",
            ["Proxy__TrustedNetworks__0"] = "127.0.0.0/8",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (ConnectionString is { } connection)
        {
            settings["ConnectionStrings__ReportIntake"] = connection;
        }

        foreach (var limit in new[] { "Submit", "Uploads", "Receipt", "SignIn", "Police" })
        {
            settings[$"RateLimits__{limit}__Burst"] = "100000000";
        }

        return settings;
    }

    private static double Number(string variable, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
