using Microsoft.EntityFrameworkCore;
using ReportIntake.Testing;
using ReportIntake.Web.Persistence.Outbox;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Tests.Security;

public sealed class PoliceClientAccessTests(PoliceClientAccessTests.Host host) : IClassFixture<PoliceClientAccessTests.Host>
{
    public sealed class Host : IntakeHost;

    [Theory]
    [InlineData("national", null, true)]
    [InlineData("national", "32.74", true)]
    [InlineData("32", "32", true)]
    [InlineData("32", "32.74", true)]
    [InlineData("32", "33.74", false)]
    [InlineData("32", null, false)]
    [InlineData("32.74", "32.74", true)]
    [InlineData("32.74", "32.75", false)]
    [InlineData("32.74", "32", false)]
    [InlineData("31 32.74", "31.71", true)]
    [InlineData("31 32.74", "32.04", false)]
    public void Covers_AreaOfTheReport_AsTheClientsAreasSay(string areas, string? areaCode, bool expected)
    {
        var access = new PoliceClientAccess(Guid.NewGuid(), [], areas.Split(' '));

        Assert.Equal(expected, access.Covers(areaCode));
    }

    [Fact]
    public async Task CoversReportAndEvent_OnTheDatabase_AreTranslated()
    {
        var access = new PoliceClientAccess(Guid.NewGuid(), [], ["32", "31.71"]);

        var reports = await host.WithDatabaseAsync(d => d.Reports.Where(access.CoversReport()).CountAsync());
        var events = await host.WithDatabaseAsync(d => d.PoliceEvents.Where(access.CoversEvent()).CountAsync());

        Assert.Equal((0, 0), (reports, events));
    }

    [Theory]
    [InlineData("32", 3)]
    [InlineData("32.74", 1)]
    [InlineData("national", 5)]
    public void CoversEvent_AgreesWithCovers(string area, int expected)
    {
        var access = new PoliceClientAccess(Guid.NewGuid(), [], [area]);
        string?[] codes = ["32", "32.74", "32.04", "31", null];

        var predicate = access.CoversEvent().Compile();

        Assert.Equal(expected, codes.Count(c => predicate(Event(c))));
        Assert.All(codes, c => Assert.Equal(access.Covers(c), predicate(Event(c))));
    }

    private static PoliceEvent Event(string? areaCode)
    {
        var made = (PoliceEvent)Activator.CreateInstance(typeof(PoliceEvent), nonPublic: true)!;
        typeof(PoliceEvent).GetProperty(nameof(PoliceEvent.AreaCode))!.SetValue(made, areaCode);
        return made;
    }
}
