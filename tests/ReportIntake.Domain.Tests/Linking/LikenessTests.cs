using ReportIntake.Domain.Linking;

namespace ReportIntake.Domain.Tests.Linking;

public sealed class LikenessTests
{
    private const string Told = "Akun ini menawarkan anak di bawah umur lewat pesan pribadi, pembayaran lewat transfer bank, pertemuan di hotel dekat stasiun setiap malam minggu.";
    private const string Copied = "Akun ini MENAWARKAN anak di bawah umur lewat pesan pribadi; pembayaran lewat transfer bank, pertemuan di h0tel dekat stasiun setiap malam sabtu!";
    private const string Other = "Keponakan saya dihubungi seseorang yang mengaku agen model dan diminta mengirim foto, katanya ada pekerjaan di luar kota bulan depan.";

    [Fact]
    public void LikenessTo_ACopy_IsNearSame()
    {
        Assert.True(Likeness(Told, Copied) >= TextShingles.NearSame);
        Assert.Equal(1, Likeness(Told, Told));
        Assert.Equal(0, Likeness(Told, Other));
    }

    [Fact]
    public void BandsOf_NearSame_ShareOneAndOthersNone()
    {
        Assert.NotEmpty(Bands(Told).Intersect(Bands(Copied)));
        Assert.Empty(Bands(Told).Intersect(Bands(Other)));
    }

    [Fact]
    public void Terms_AreFoldedWithoutStopWords()
    {
        var terms = SearchTerms.Of(["Akun ini yang MENAWARKAN di h0tel"]);

        Assert.All(SearchTerms.OfSearch("hotel akun menawarkan"), word => Assert.Contains(word, terms));
        Assert.Empty(SearchTerms.OfSearch("yang di ini"));
    }

    [Theory]
    [InlineData(Told, "", Copied, "", 1)]
    [InlineData(Told, "", Other, "", 2)]
    [InlineData(Told, "ab", Other, "ab", 2)]
    [InlineData(null, "ab", null, "ab", 1)]
    [InlineData(null, "ab", Other, "ab", 1)]
    [InlineData(null, "ab", null, "cd", 2)]
    [InlineData("Akun ini jual anak", "", "Akun ini jual anak", "", 2)]
    [InlineData("Akun ini jual anak", "ab", "akun ini jual anak", "ab", 1)]
    public void Count_OfTwoReports_GoesByWordsAndFiles(string? text, string file, string? otherText, string otherFile, int expected) =>
        Assert.Equal(expected, IndependentSources.Count([Source(text, file), Source(otherText, otherFile)]));

    [Fact]
    public void Count_WithAFurtherReport_IsNeverLess()
    {
        var random = new Random(4);
        string?[] texts = [null, Told, Copied, Other, "Akun ini jual anak", Told + " " + Other];
        string[] files = ["", "ab", "cd"];
        for (var run = 0; run < 200; run++)
        {
            var reports = Enumerable.Range(0, 8).Select(_ => Source(texts[random.Next(texts.Length)], files[random.Next(files.Length)])).ToList();
            var counts = Enumerable.Range(1, reports.Count).Select(n => IndependentSources.Count(reports[..n])).ToList();
            Assert.Equal(counts.Order(), counts);
        }
    }

    private static ReportSource Source(string? text, string file) => new(TextShingles.Of(text), file.Length > 0 ? [file] : []);

    private static double Likeness(string one, string other) => TextShingles.Of(one)!.LikenessTo(TextShingles.Of(other)!);

    private static IReadOnlyList<ulong> Bands(string text) => TextSignature.BandsOf(TextShingles.Of(text)!.Runs);
}
