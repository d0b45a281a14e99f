using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace ReportIntake.Web.Verbs;

/// <summary>
/// The program's verbs: what an operator does without a browser, by the same use cases as pages and API. Exit code 0, or 1
/// with the reason on stderr; stdout carries an answer and nothing else.
/// </summary>
public static class CommandLine
{
    /// <summary>Whether the arguments name a verb; otherwise the program serves, and they are its configuration.</summary>
    public static bool IsVerb(string[] args) => args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "-?" or "--version");

    /// <summary>Keeps stdout for answers: only warnings are told, and on stderr.</summary>
    public static void UseStandardError(this ILoggingBuilder logging)
    {
        logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);

        // The reason is told in the verb's own words; EF's account of the failed command would only stand beside it.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, IServiceProvider services)
    {
        var parsed = Root(services).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return VerbAnswer.Refuse([.. parsed.Errors.Select(e => e.Message)]);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or DbUpdateException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            return VerbAnswer.Refuse((exception as DbUpdateException)?.InnerException?.Message ?? exception.Message);
        }
    }

    private static RootCommand Root(IServiceProvider services) => new("Receives, verifies and hands over reports. Without a verb it serves.")
    {
        MigrateVerb.Verb(services),
        StaffVerbs.Group(services),
        ClientVerbs.Group(services),
        HashListVerbs.Group(services),
        LedgerVerbs.Group(services),
        EvidenceVerbs.Group(services),
        KeyVerbs.Group(services),
        SandboxVerbs.Group(services),
        Backup.Verb(services),
        Restore.Verb(services),
    };
}
