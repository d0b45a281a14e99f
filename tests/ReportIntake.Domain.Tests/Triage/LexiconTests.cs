using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Tests.Triage;

public sealed class LexiconTests
{
    private static readonly RuleSet Rules = RuleSet.Embedded();

    [Theory]
    [InlineData("open bo")]
    [InlineData("OPEN BO")]
    [InlineData("Open   Bo")]
    [InlineData("open..bo")]
    [InlineData("open.b.o.")]
    [InlineData("open\nbo")]
    [InlineData("open_bo")]
    [InlineData("OpenBO")]
    [InlineData("o p e n  b o")]
    [InlineData("O.P.E.N B.O")]
    [InlineData("0pen BO")]
    [InlineData("open b0")]
    [InlineData("0p3n b0")]
    [InlineData("ópèn bö")]
    [InlineData("oooopen booo")]
    [InlineData("open\u200b bo")]
    [InlineData("ｏｐｅｎ ｂｏ")]
    [InlineData("оpеn bо")] // Cyrillic о and е
    [InlineData("(open bo!)")]
    [InlineData("#openbo")]
    [InlineData("open bo2")]
    [InlineData("vcs")]
    [InlineData("V.C.S")]
    [InlineData("ready malam ini")]
    public void Find_DisguisedAdvertisement_IsFound(string text) => Assert.Contains("text.advertising", FactsOf(text, "anak"));

    [Theory]
    [InlineData("obo")]
    [InlineData("bobo siang")]
    [InlineData("kebon")]
    [InlineData("openings")]
    [InlineData("open door")]
    [InlineData("")]
    [InlineData("... !!! ---")]
    [InlineData("\ud83d")] // a lone surrogate
    public void Find_OtherWords_FindNothing(string text) => Assert.DoesNotContain("text.advertising", FactsOf(text, "anak"));

    [Theory]
    [InlineData("umurnya 15")]
    [InlineData("umur 9 tahun")]
    [InlineData("usia 17")]
    [InlineData("16 thn")]
    [InlineData("16thn")]
    [InlineData("masih 14")]
    [InlineData("she is a 9 year old")]
    [InlineData("13 years old")]
    [InlineData("di bawah umur")]
    [InlineData("an@k")]
    [InlineData("anaknya")]
    [InlineData("anak-anak")]
    [InlineData("seko1ah: s1swi")]
    [InlineData("SMP2")]
    [InlineData("cabe-cabean")]
    [InlineData("cabe cabean")]
    [InlineData("kelas 6 SD")]
    public void Find_SignOfAMinor_IsFound(string text) => Assert.Contains("text.minor", FactsOf(text, "open bo"));

    [Theory]
    [InlineData("umur 25")]
    [InlineData("umur 18")]
    [InlineData("sudah 5 tahun")]
    [InlineData("umur 150")]
    [InlineData("nomor 0815")]
    [InlineData("tanaka")]
    public void Find_NoSignOfAMinor_FindsNothing(string text) => Assert.DoesNotContain("text.minor", FactsOf(text, "open bo"));

    [Fact]
    public void Find_TermAcrossTwoTexts_IsNotFound() => Assert.DoesNotContain("text.self_harm", FactsOf("bunuh", "diri"));

    [Fact]
    public void Find_LongText_FindsTheTermAtItsEnd() =>
        Assert.Contains("text.self_harm", FactsOf(string.Concat(Enumerable.Repeat("anak bo open ", 770)), "bunuh diri"));

    private static List<string> FactsOf(params string[] texts) =>
    [
        .. Rules.Evaluate(new TriageFacts
        {
            Category = "online_prostitution",
            Texts = texts,
            IndicatorKinds = ["platform_handle"],
            EvaluatedAt = DateTimeOffset.UnixEpoch,
        }).Hits.SelectMany(h => h.FactsUsed.Keys),
    ];
}
