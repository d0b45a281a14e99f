using System.CommandLine;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Verbs;

/// <summary><c>migrate</c></summary>
internal static class MigrateVerb
{
    public static Command Verb(IServiceProvider services)
    {
        var migrate = new Command("migrate", "Brings the database's schema up to date.");
        migrate.SetAction(async (_, cancellationToken) =>
        {
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ReportIntakeDbContext>().MigrateSafelyAsync(cancellationToken);
            services.PrepareJobStorage();
            return 0;
        });
        return migrate;
    }
}
