using System.CommandLine;
using ReportIntake.Domain;
using ReportIntake.Web.Features.Administration.Clients;

namespace ReportIntake.Web.Verbs;

/// <summary><c>clients …</c></summary>
internal static class ClientVerbs
{
    public static Command Group(IServiceProvider services) => new("clients", "Police systems") { Add(services), Rotate(services) };

    private static Command Add(IServiceProvider services)
    {
        var name = new Option<string>("--name") { Required = true, Description = "What the system is called" };
        var scopes = new Option<string[]>("--scope") { Required = true, Description = "reports.read, evidence.read, follow_up.write or webhooks.manage; may be repeated" };
        var areas = new Option<string[]>("--area") { Required = true, Description = "Official area code, or national; may be repeated" };
        scopes.AllowMultipleArgumentsPerToken = areas.AllowMultipleArgumentsPerToken = true;
        var add = new Command("add", "Adds a police system and prints its key, once.") { name, scopes, areas };
        add.SetAction(async (parsed, cancellationToken) =>
        {
            var command = new AddClient.Command(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes), parsed.GetRequiredValue(areas), Actor.System);
            var result = await VerbAnswer.SendAsync(services, command, cancellationToken);
            if (result.IsSuccess)
            {
                VerbAnswer.Print(result.Value);
            }

            return VerbAnswer.Exit(result.Error);
        });
        return add;
    }

    private static Command Rotate(IServiceProvider services)
    {
        var id = new Option<Guid>("--id") { Required = true, Description = "The clientId that \"clients add\" printed" };
        var rotate = new Command("rotate", "Issues a second key and prints it, once; the first one counts until it is revoked.") { id };
        rotate.SetAction(async (parsed, cancellationToken) =>
        {
            var result = await VerbAnswer.SendAsync(services, new IssueKey.Command(parsed.GetRequiredValue(id), null, Actor.System), cancellationToken);
            if (result.IsSuccess)
            {
                VerbAnswer.Print(result.Value);
            }

            return VerbAnswer.Exit(result.Error);
        });
        return rotate;
    }
}
