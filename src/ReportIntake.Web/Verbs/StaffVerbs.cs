using System.CommandLine;
using ReportIntake.Domain;
using ReportIntake.Web.Features.Administration.Staff;

namespace ReportIntake.Web.Verbs;

/// <summary><c>staff …</c></summary>
internal static class StaffVerbs
{
    public static Command Group(IServiceProvider services) => new("staff", "Staff accounts") { Add(services) };

    private static Command Add(IServiceProvider services)
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
            var result = await VerbAnswer.SendAsync(services, new AddStaff.Command(parsed.GetRequiredValue(email), password, parsed.GetRequiredValue(roles), Actor.System), cancellationToken);
            return VerbAnswer.Exit(result.Error);
        });
        return add;
    }
}
