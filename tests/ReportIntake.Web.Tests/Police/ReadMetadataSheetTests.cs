using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ReportIntake.Web.Evidence.Metadata;

namespace ReportIntake.Web.Tests.Police;

public sealed class ReadMetadataSheetTests(PoliceHost host) : IClassFixture<PoliceHost>
{
    [Fact]
    public async Task Metadata_OwnArea_HasThePlaceAndLeavesACustodyEvent()
    {
        using var police = await host.PoliceAsync("17.03");
        var report = await host.VerifiedAsync("17.03");
        var file = await host.EvidenceAsync(report.Id, [1, 2, 3]);
        await host.Services.GetRequiredService<MetadataSheets>().WriteAsync(
            file.Id, new MetadataSheet(new Dictionary<string, string> { ["width"] = "4000" }, [new MetadataProperty("GPS", "GPS Latitude", "-6° 10' 30\"")]), default);

        var sheet = await police.Http.GetFromJsonAsync<JsonElement>($"/api/v1/reports/{report.Id}/evidence/{file.Id}/metadata");

        Assert.Equal("4000", sheet.GetProperty("facts").Text("width"));
        Assert.Equal("-6° 10' 30\"", Assert.Single(sheet.GetProperty("properties").EnumerateArray()).Text("value"));
        Assert.Equal(police.Id, Assert.Single(await host.LedgerAsync(report.Id, "metadata_sheet_read")).ActorId);
    }

    [Fact]
    public async Task Metadata_AnotherAreaOrNoSheet_IsNotFound()
    {
        using var police = await host.PoliceAsync("17.04");
        var (own, other) = (await host.VerifiedAsync("17.04"), await host.VerifiedAsync("17.05"));
        var (withoutSheet, foreign) = (await host.EvidenceAsync(own.Id, [1]), await host.EvidenceAsync(other.Id, [1]));

        foreach (var (report, file) in new[] { (own.Id, withoutSheet.Id), (other.Id, foreign.Id), (own.Id, foreign.Id) })
        {
            using var answer = await police.Http.GetAsync($"/api/v1/reports/{report}/evidence/{file}/metadata");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }
}
