using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using ReportIntake.Web.Features.Statistics;
using ReportIntake.Web.Tests.Intake.Pages;

namespace ReportIntake.Web.Tests.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public async Task Statistics_OfSixReports_TellsThemInBothDoorsAndHidesTheSmall()
    {
        await using var host = new PagesFixture();
        for (var i = 0; i < 6; i++)
        {
            await host.FileAsync();
        }

        using var client = host.Client();
        var numbers = await client.GetFromJsonAsync<GetStatistics.Response>("/api/v1/statistics");
        using var page = new HtmlParser().ParseDocument(await client.GetStringAsync("/en/statistics"));

        Assert.Equal((6, 5), (numbers!.Total, numbers.SuppressedBelow));
        Assert.Equal(6, numbers.Categories.Single(c => c.Code == "child_abuse_material").Count);
        Assert.All(numbers.Categories.Where(c => c.Code != "child_abuse_material"), c => Assert.Null(c.Count));
        Assert.Equal(6, numbers.Tiers.Single(c => c.Code == "unconfirmed").Count);
        Assert.Equal(6, numbers.Months[^1].Count);
        Assert.Equal(5, page.QuerySelectorAll("table caption").Length);
        Assert.All(page.QuerySelectorAll("tbody tr"), row => Assert.NotNull(row.QuerySelector("th[scope=row]")));
    }
}
