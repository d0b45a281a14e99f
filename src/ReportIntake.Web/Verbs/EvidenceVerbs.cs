using System.CommandLine;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Verbs;

/// <summary><c>evidence …</c></summary>
internal static class EvidenceVerbs
{
    public static Command Group(IServiceProvider services) => new("evidence", "The evidence store") { Rewrap(services) };

    private static Command Rewrap(IServiceProvider services)
    {
        var rewrap = new Command("rewrap", "Wraps the key of every blob under the newest key of the key ring; the service may go on meanwhile.");
        rewrap.SetAction(async (_, cancellationToken) =>
        {
            var count = await services.GetRequiredService<IEvidenceStore>().RewrapAsync(cancellationToken);
            VerbAnswer.Print(count);
            return 0;
        });
        return rewrap;
    }
}
