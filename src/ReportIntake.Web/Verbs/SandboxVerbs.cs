using System.CommandLine;

namespace ReportIntake.Web.Verbs;

/// <summary><c>sandbox …</c></summary>
internal static class SandboxVerbs
{
    public static Command Group(IServiceProvider services) => new("sandbox", "An instance for integrators to try their systems on") { Fill(services) };

    private static Command Fill(IServiceProvider services)
    {
        var fill = new Command("fill", "Puts made-up verified reports into an empty database; refuses where there is any report.");
        fill.SetAction(async (_, cancellationToken) =>
        {
            var filled = await new SandboxFill(services).FillAsync(cancellationToken);
            if (filled.IsSuccess)
            {
                VerbAnswer.Print(new { references = filled.Value });
            }

            return VerbAnswer.Exit(filled.Error);
        });
        return fill;
    }
}
