using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Testing;
using ReportIntake.Web.Security;
using ReportIntake.Web.Tests.Telemetry;

namespace ReportIntake.Web.Tests.Moderation.Exposure;

/// <summary>What is measured of the desk's looks at evidence: sums and counts of all people, and nobody among them.</summary>
public sealed class ExposureMetricsTests
{
    private static readonly string[] Names =
        ["reportintake.exposure.reveals", "reportintake.exposure.viewing", "reportintake.exposure.budgets_exhausted", "reportintake.exposure.breaks_required"];

    [Fact]
    public async Task Gauges_SeveralPeopleLooked_TellSumsOfTheDeskWithoutAnyLabel()
    {
        await using var host = Host(revealsPerDay: 2);
        using var first = await host.StaffClientAsync(StaffRoles.Moderator);
        using var second = await host.StaffClientAsync(StaffRoles.Moderator);
        await LookAsync(host, first);
        await LookAsync(host, first);
        await LookAsync(host, second);

        using var measured = Listen(host, out var instruments);
        var told = await measured.ReadAsync(Names);

        Assert.Equal((3, 1, 0), (told[0], told[2], told[3]));
        Assert.InRange(told[1], 0, 3 * 60); // a look that nobody ended counts for a minute at most
        Assert.Equal(Names.Order(), instruments.Select(i => i.Name).Where(n => n.StartsWith("reportintake.exposure.", StringComparison.Ordinal)).Order());
        Assert.All(instruments, i => Assert.Null(i.Tags));
    }

    [Fact]
    public async Task Gauges_SomebodyMustTakeABreak_CountThem()
    {
        await using var host = Host(revealsPerDay: 9, breakAfter: "00:00:00.0000010");
        using var moderator = await host.StaffClientAsync(StaffRoles.Moderator);
        await LookAsync(host, moderator);

        using var measured = Listen(host, out _);

        Assert.Equal([1, 0, 1], (await measured.ReadAsync(Names)).Where((_, i) => i is not 1));
    }

    private static ModerationHost Host(int revealsPerDay, string breakAfter = "01:00:00") => new()
    {
        With = new Dictionary<string, string?>
        {
            ["Desk:Exposure:RevealsPerDay"] = $"{revealsPerDay}",
            ["Desk:Exposure:SuggestBreakAfter"] = "00:00:00.0000010",
            ["Desk:Exposure:RequireBreakAfter"] = breakAfter,
        },
    };

    private static Measured Listen(ModerationHost host, out IReadOnlyCollection<Instrument> instruments)
    {
        var seen = new List<Instrument>();
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        instruments = seen;
        return new Measured(i =>
        {
            var listens = i.Meter.Scope == factory && i.Name.StartsWith("reportintake.exposure.", StringComparison.Ordinal);
            if (listens)
            {
                seen.Add(i);
            }

            return listens;
        });
    }

    private static async Task LookAsync(ModerationHost host, HttpClient moderator)
    {
        var report = await host.AddAsync();
        var file = await host.AddEvidenceAsync(report.Id, RandomNumberGenerator.GetBytes(100), RandomNumberGenerator.GetBytes(2000));
        using var answer = await moderator.GetAsync($"/api/v1/moderation/reports/{report.Id}/evidence/{file.Id}/thumbnail");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
