using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Tests.Shared;

namespace ReportIntake.Web.Tests.Intake.Catalogue;

public sealed class CatalogueTests(PagesHost host) : IClassFixture<PagesHost>
{
    private static readonly ReportCatalogue Catalogue = ReportCatalogue.Load();

    [Fact]
    public void Catalogue_Always_HasTheCodesOfTheContract()
    {
        Assert.Equal(
            ["child_sexual_exploitation", "child_abuse_material", "online_prostitution", "trafficking", "kidnapping", "online_enticement", "sextortion", "online_fraud", "extortion", "illegal_access", "online_gambling", "threats", "provocative_content", "other"],
            Catalogue.Categories.Select(c => c.Code));
        Assert.Equal(["michat", "facebook", "whatsapp", "instagram", "telegram", "x", "tiktok", "website", "other"], Catalogue.Platforms.Select(p => p.Code));
        Assert.Equal(["selection", "contact", "trust_building", "kidnapping", "advertising", "transaction", "exploitation"], Catalogue.Stages.Select(s => s.Code));
        Assert.Equal(7, Catalogue.Categories.Count(c => c.ChildSafety));
    }

    [Fact]
    public void Catalogue_Always_IsNamedInBothLanguages() =>
        Assert.All(
            Catalogue.Categories.SelectMany(c => new[] { c.Name, c.Description }).Concat(Catalogue.Platforms.Select(p => p.Name)).Concat(Catalogue.Stages.SelectMany(s => new[] { s.Name, s.Description })),
            text => Assert.False(string.IsNullOrWhiteSpace(text.Id) || string.IsNullOrWhiteSpace(text.En)));

    [Theory]
    [InlineData("32", true)]
    [InlineData("32.74", true)]
    [InlineData("32.7", false)]
    [InlineData("99", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsArea_OfACode_IsWhetherItIsOfficial(string? code, bool expected) => Assert.Equal(expected, Catalogue.IsArea(code));

    [Fact]
    public void Areas_ThatAreRegencies_AreInAProvinceOfTheList()
    {
        Assert.Equal(38, Catalogue.Areas.Count(a => a.Province is null));
        Assert.All(Catalogue.Areas.Where(a => a.Province is not null), regency => Assert.True(Catalogue.IsArea(regency.Province)));
        Assert.Equal("Kota Cirebon", Catalogue.Area("32.74")?.Name);
    }

    [Theory]
    [InlineData(null, "id")]
    [InlineData("en-GB,en;q=0.9", "en")]
    [InlineData("fr", "id")]
    [InlineData("id-ID", "id")]
    public async Task GetCatalogue_ByAcceptLanguage_IsInThatLanguage(string? accepted, string language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/catalogue");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var answer = await host.Client.SendAsync(request);
        var catalogue = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(language, catalogue.GetProperty("language").GetString());
        Assert.Equal(Catalogue.Categories[0].Name.In(new CultureInfo(language)), catalogue.GetProperty("categories")[0].GetProperty("name").GetString());
        Assert.Equal(10_000, catalogue.GetProperty("limits").GetProperty("descriptionMaxLength").GetInt32());
    }
}
