using System.CommandLine;
using System.Text.Json;
using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain;
using ReportIntake.Domain.Custody;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Features.Administration.HashLists;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Features.Administration.Staff;
using ReportIntake.Web.Persistence;

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
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            return 1;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or DbUpdateException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync((exception as DbUpdateException)?.InnerException?.Message ?? exception.Message);
            return 1;
        }
    }

    private static RootCommand Root(IServiceProvider services) => new("Receives, verifies and hands over reports. Without a verb it serves.")
    {
        Migrate(services),
        new Command("staff", "Staff accounts") { StaffAdd(services) },
        new Command("clients", "Police systems") { ClientsAdd(services), ClientsRotate(services) },
        new Command("hash-lists", "Lists of known files") { HashListsImport(services) },
        new Command("ledger", "The custody ledger") { LedgerVerify(services) },
        new Command("evidence", "The evidence store") { EvidenceRewrap(services) },
        new Command("sandbox", "An instance for integrators to try their systems on") { FillSandbox(services) },
    };

    private static Command Migrate(IServiceProvider services)
    {
        var migrate = new Command("migrate", "Brings the database's schema up to date.");
        migrate.SetAction(async (_, cancellationToken) =>
        {
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().MigrateSafelyAsync(cancellationToken);
            return 0;
        });
        return migrate;
    }

    private static Command StaffAdd(IServiceProvider services)
    {
        var email = new Option<string>("--email") { Required = true, Description = "The person's e-mail address" };
        var roles = new Option<string[]>("--role") { Required = true, Description = "moderator, supervisor, evidence_custodian or admin; may be repeated" };
        var fromStdin = new Option<bool>("--password-stdin") { Description = "Read the password from standard input: arguments are seen by others" };
        var add = new Command("add", "Adds an account.") { email, roles, fromStdin };
        add.Validators.Add(parsed =>
        {
            if (parsed.GetResult(fromStdin) is null)
            {
                parsed.AddError("Option '--password-stdin' is required: the password is read from standard input.");
            }
        });
        add.SetAction(async (parsed, cancellationToken) =>
        {
            var password = await Console.In.ReadLineAsync(cancellationToken) ?? "";
            var result = await SendAsync(services, new AddStaff.Command(parsed.GetRequiredValue(email), password, parsed.GetRequiredValue(roles), Actor.System), cancellationToken);
            return Exit(result.Error);
        });
        return add;
    }

    private static Command ClientsAdd(IServiceProvider services)
    {
        var name = new Option<string>("--name") { Required = true, Description = "What the system is called" };
        var scopes = new Option<string[]>("--scope") { Required = true, Description = "reports.read, evidence.read, follow_up.write or webhooks.manage; may be repeated" };
        var areas = new Option<string[]>("--area") { Required = true, Description = "Official area code, or national; may be repeated" };
        scopes.AllowMultipleArgumentsPerToken = areas.AllowMultipleArgumentsPerToken = true;
        var add = new Command("add", "Adds a police system and prints its key, once.") { name, scopes, areas };
        add.SetAction(async (parsed, cancellationToken) =>
        {
            var command = new AddClient.Command(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes), parsed.GetRequiredValue(areas), Actor.System);
            var result = await SendAsync(services, command, cancellationToken);
            if (result.IsSuccess)
            {
                Console.WriteLine(JsonSerializer.Serialize(result.Value, JsonSerializerOptions.Web));
            }

            return Exit(result.Error);
        });
        return add;
    }

    private static Command ClientsRotate(IServiceProvider services)
    {
        var id = new Option<Guid>("--id") { Required = true, Description = "The clientId that \"clients add\" printed" };
        var rotate = new Command("rotate", "Issues a second key and prints it, once; the first one counts until it is revoked.") { id };
        rotate.SetAction(async (parsed, cancellationToken) =>
        {
            var result = await SendAsync(services, new IssueKey.Command(parsed.GetRequiredValue(id), null, Actor.System), cancellationToken);
            if (result.IsSuccess)
            {
                Console.WriteLine(JsonSerializer.Serialize(result.Value, JsonSerializerOptions.Web));
            }

            return Exit(result.Error);
        });
        return rotate;
    }

    private static Command HashListsImport(IServiceProvider services)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV with a header line, or JSON when its name ends in .json" };
        var name = new Option<string?>("--name") { Description = "The list's name, where the file does not say it" };
        var meaning = new Option<string?>("--meaning") { Description = "known_abuse_material or known_benign, where the file does not say it" };
        var source = new Option<string?>("--source") { Description = "Who gave it, where the file does not say it" };
        var import = new Command("import", "Adds the hashes of a file to hash lists; what is there already stays as it is.") { file, name, meaning, source };
        import.SetAction(async (parsed, cancellationToken) =>
        {
            await using var content = parsed.GetRequiredValue(file).OpenRead();
            var format = Path.GetExtension(content.Name).Equals(".json", StringComparison.OrdinalIgnoreCase) ? HashListFormat.Json : HashListFormat.Csv;
            var command = new ImportHashList.Command(content, format, parsed.GetValue(name), parsed.GetValue(meaning), parsed.GetValue(source), Actor.System);
            var result = await SendAsync(services, command, cancellationToken);
            if (result.IsSuccess)
            {
                Console.WriteLine(JsonSerializer.Serialize(result.Value, JsonSerializerOptions.Web));
            }

            return Exit(result.Error);
        });
        return import;
    }

    private static Command LedgerVerify(IServiceProvider services)
    {
        var evidence = new Option<bool>("--evidence") { Description = "Read every stored file too and name those that are not what was stored" };
        var kept = new Option<FileInfo?>("--tree-heads") { Description = "Compare with heads that were exported and kept elsewhere (JSON)" };
        var verify = new Command("verify", "Reads the whole ledger and names the first entry that was edited, deleted or cut off.") { evidence, kept };
        verify.SetAction(async (parsed, cancellationToken) =>
        {
            await using var scope = services.CreateAsyncScope();
            IReadOnlyList<TreeHead> heads;
            try
            {
                heads = parsed.GetValue(kept) is { } file ? KeptTreeHeads.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken)) : [];
            }
            catch (FormatException malformed)
            {
                await Console.Error.WriteLineAsync(malformed.Message);
                return 1;
            }

            var verdict = await scope.ServiceProvider.GetRequiredService<VerifyLedger>().VerifyAsync(heads, cancellationToken);
            if (verdict.FirstFlaw is { } flaw)
            {
                await Console.Error.WriteLineAsync(flaw.Message);
                return 1;
            }

            if (!parsed.GetValue(evidence))
            {
                return 0;
            }

            var findings = (await scope.ServiceProvider.GetRequiredService<VerifyEvidence>().VerifyAsync(cancellationToken)).Findings;
            foreach (var finding in findings)
            {
                await Console.Error.WriteLineAsync(finding.Message);
            }

            return findings.Count == 0 ? 0 : 1;
        });
        return verify;
    }

    private static Command EvidenceRewrap(IServiceProvider services)
    {
        var rewrap = new Command("rewrap", "Wraps the key of every blob under the newest key of the key ring; the service may go on meanwhile.");
        rewrap.SetAction(async (_, cancellationToken) =>
        {
            var count = await services.GetRequiredService<IEvidenceStore>().RewrapAsync(cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(count, JsonSerializerOptions.Web));
            return 0;
        });
        return rewrap;
    }

    private static Command FillSandbox(IServiceProvider services)
    {
        var fill = new Command("fill", "Puts made-up verified reports into an empty database; refuses where there is any report.");
        fill.SetAction(async (_, cancellationToken) =>
        {
            var filled = await new SandboxFill(services).FillAsync(cancellationToken);
            if (filled.IsSuccess)
            {
                Console.WriteLine(JsonSerializer.Serialize(new { references = filled.Value }, JsonSerializerOptions.Web));
            }

            return Exit(filled.Error);
        });
        return fill;
    }

    private static async Task<T> SendAsync<T>(IServiceProvider services, IRequest<T> command, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
    }

    private static int Exit(Error? error)
    {
        if (error is null)
        {
            return 0;
        }

        foreach (var line in error.Fields.Count == 0 ? [error.Message] : error.Fields.Select(f => $"{f.Field}: {f.Message}"))
        {
            Console.Error.WriteLine(line);
        }

        return 1;
    }
}
