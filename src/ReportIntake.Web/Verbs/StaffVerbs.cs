using System.CommandLine;
using ReportIntake.Domain;
using ReportIntake.Web.Features.Administration.Staff;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Verbs;

/// <summary><c>staff …</c></summary>
internal static class StaffVerbs
{
    public static Command Group(IServiceProvider services) => new("staff", "Staff accounts") { Add(services) };

    private static Command Add(IServiceProvider services)
    {
        var email = new Option<string>("--email") { Required = true, Description = "The person's e-mail address" };
        var roles = new Option<string[]>("--role") { Required = true, Description = $"{string.Join(", ", StaffRoles.All)}; may be repeated" };
        var fromStdin = new Option<bool>("--password-stdin") { Description = "Read the password from standard input: arguments are seen by others" };
        var invite = new Option<bool>("--invite") { Description = "Print a code, once, with which the person chooses a password within 72 hours at /staff/invitation" };
        var add = new Command("add", "Adds an account.") { email, roles, fromStdin, invite };
        add.Validators.Add(parsed =>
        {
            if (parsed.GetValue(fromStdin) == parsed.GetValue(invite))
            {
                parsed.AddError("Exactly one of '--password-stdin' (the password is read from standard input) and '--invite' is required.");
            }
        });
        add.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(invite))
            {
                var invited = await VerbAnswer.SendAsync(services, new InviteStaff.Command(parsed.GetRequiredValue(email), parsed.GetRequiredValue(roles), Actor.System), cancellationToken);
                if (invited.IsSuccess)
                {
                    VerbAnswer.Print(invited.Value);
                }

                return VerbAnswer.Exit(invited.Error);
            }

            var password = await Console.In.ReadLineAsync(cancellationToken) ?? "";
            var result = await VerbAnswer.SendAsync(services, new AddStaff.Command(parsed.GetRequiredValue(email), password, parsed.GetRequiredValue(roles), Actor.System), cancellationToken);
            return VerbAnswer.Exit(result.Error);
        });
        return add;
    }
}
