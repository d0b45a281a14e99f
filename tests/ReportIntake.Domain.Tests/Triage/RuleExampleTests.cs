using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Tests.Triage;

/// <summary>For every rule a report that it is meant for, and a near miss: the same with one thing less.</summary>
public sealed class RuleExampleTests
{
    private static readonly RuleSet Rules = RuleSet.Embedded();
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private static TriageFacts Of(string category, params string[] texts) => new()
    {
        Category = category,
        ChildSafety = category is "child_sexual_exploitation" or "child_abuse_material" or "online_enticement" or "sextortion",
        Texts = texts,
        EvaluatedAt = Now,
    };

    public static TheoryData<string, TriageFacts> Meant => new()
    {
        { "I1", Of("other", "Anak saya hilang sejak kemarin, terakhir pamit bertemu kenalan dari Facebook") },
        { "I1", Of("other", "Keponakan umur 14 tahun disekap di kos") },
        { "I1", Of("kidnapping") },
        { "I1", Of("trafficking", "Tiga pelajar akan dibawa ke luar pulau") },
        { "I1", Of("trafficking") with { AgeBand = AgeBand.From13To17, Ongoing = true } },
        { "I1", Of("other") with { AgeBand = AgeBand.Under13, Stage = "kidnapping" } },
        { "I1", Of("other", "My daughter has not come home, she is 13 years old") },
        { "I2", Of("child_sexual_exploitation") with { ExpectedAt = Now.AddHours(71) } },
        { "I2", Of("online_prostitution") with { ExpectedAt = Now.AddHours(-2) } },
        { "I2", Of("online_enticement", "Mereka janjian ketemuan besok di mal") },
        { "I2", Of("child_sexual_exploitation", "akun ini sedang live") },
        { "I2", Of("child_sexual_exploitation", "sering siaran langsung") with { Ongoing = true } },
        { "I2", Of("other") with { AgeBand = AgeBand.From13To17, OccurredFrom = Now.AddHours(5) } },
        { "I3", Of("online_gambling", "Teman saya bilang mau b u n u h diri karena utang") },
        { "I3", Of("sextortion") with { AgeBand = AgeBand.From13To17 } },
        { "I3", Of("other", "Fotonya akan disebarkan kalau tidak bayar, dia masih SMP") },
        { "I3", Of("sextortion") with { AgeBand = AgeBand.Adult, DangerNow = Danger.Yes } },
        { "I4", Of("other") with { VictimIsReporter = true, DangerNow = Danger.Yes } },
        { "I4", Of("other", "tolong saya, saya takut pulang") with { VictimIsReporter = true } },
        { "I5", Of("threats", "Dia mengancam akan membunuh saya") },
        { "I5", Of("other", "diancam dibunuh") with { IndicatorKinds = ["phone"] } },
        { "I5", Of("trafficking") with { AgeBand = AgeBand.Adult, DangerNow = Danger.Yes } },
        { "I6", Of("other", "Siswi SMP dicabuli, pelaku tinggal serumah") },
        { "I6", Of("child_sexual_exploitation") with { Stage = "exploitation", Ongoing = true } },
        { "I6", Of("child_sexual_exploitation") with { DangerNow = Danger.Yes } },
        { "U1", Of("other", "Akun ini open BO anak sma") with { IndicatorKinds = ["platform_handle"] } },
        { "U1", Of("online_prostitution") with { AgeBand = AgeBand.From13To17, IndicatorKinds = ["url"] } },
        { "U1", Of("child_sexual_exploitation", "0pen B0 di MiChat") with { IndicatorKinds = ["platform_handle"] } },
        { "U2", Of("online_enticement") },
        { "U2", Of("other", "Kenal lewat game lalu minta foto ke anak saya") },
        { "U2", Of("child_sexual_exploitation") with { Stage = "trust_building" } },
        { "U3", Of("other") with { AgeBand = AgeBand.Adult, HashListMatches = ["known_abuse_material"] } },
        { "U4", Of("other", "muncul di story saja lalu hilang") with { IndicatorKinds = ["url"] } },
        { "U5", Of("other") with { VictimCount = 2 } },
        { "U5", Of("other", "ada beberapa korban") },
        { "U5", Of("other") with { IndependentReportsOfIndicator = 3 } },
        { "U6", Of("online_prostitution", "kelihatannya masih di bawah umur") },
        { "U6", Of("child_abuse_material") },
        { "U6", Of("other", "Tetangga sering mukul anaknya") },
        { "U6", Of("child_abuse_material", "seragam smp") with { AgeBand = AgeBand.Adult } },
    };

    public static TheoryData<string, TriageFacts> NearMisses => new()
    {
        { "I1", Of("other", "Motor saya hilang sejak kemarin") },
        { "I1", Of("kidnapping") with { AgeBand = AgeBand.Adult } },
        { "I1", Of("trafficking") with { AgeBand = AgeBand.From13To17 } },
        { "I2", Of("child_sexual_exploitation") with { ExpectedAt = Now.AddHours(73) } },
        { "I2", Of("child_sexual_exploitation") with { ExpectedAt = Now.AddHours(-25) } },
        { "I2", Of("online_fraud") with { ExpectedAt = Now.AddHours(5) } },
        { "I2", Of("child_sexual_exploitation", "sering siaran langsung") },
        { "I2", Of("online_enticement", "Mereka pernah ketemuan bulan lalu") },
        { "I3", Of("sextortion") with { AgeBand = AgeBand.Adult } },
        { "I3", Of("online_gambling", "Teman saya sedih karena utang") },
        { "I4", Of("other") with { VictimIsReporter = true, DangerNow = Danger.No } },
        { "I4", Of("other", "tolong saya, saya takut pulang") },
        { "I5", Of("other", "diancam dibunuh") with { AgeBand = AgeBand.Adult } },
        { "I5", Of("threats", "Dia mengancam akan menagih utang") },
        { "I6", Of("other", "Siswi SMP dicabuli") },
        { "I6", Of("other", "dilecehkan, pelaku tinggal serumah") with { AgeBand = AgeBand.Adult } },
        { "U1", Of("other", "Akun ini open BO anak sma") },
        { "U1", Of("other", "Akun ini open BO") with { IndicatorKinds = ["platform_handle"] } },
        { "U1", Of("other", "obo bonus kebon") with { AgeBand = AgeBand.Under13, IndicatorKinds = ["platform_handle"] } },
        { "U2", Of("online_enticement") with { AgeBand = AgeBand.Adult } },
        { "U3", Of("other") },
        { "U4", Of("other", "muncul di story saja lalu hilang") with { IndicatorKinds = ["bank_account"] } },
        { "U4", Of("other", "masih ada di halaman itu") with { IndicatorKinds = ["url"] } },
        { "U5", Of("other") with { VictimCount = 1, IndependentReportsOfIndicator = 2 } },
        { "U6", Of("online_gambling", "anak sekolah main judi online") },
        { "U6", Of("child_abuse_material") with { AgeBand = AgeBand.Adult } },
    };

    [Theory]
    [MemberData(nameof(Meant))]
    public void Evaluate_ReportTheRuleIsMeantFor_Fires(string rule, TriageFacts facts)
    {
        var assessment = Rules.Evaluate(facts);

        var hit = Assert.Single(assessment.Hits, h => h.RuleId == rule);
        Assert.Equal(rule[0] == 'I' ? Tier.Immediate : Tier.Urgent, hit.Tier);
        Assert.NotEmpty(hit.FactsUsed);
        Assert.True(assessment.Tier <= hit.Tier);
    }

    [Theory]
    [MemberData(nameof(NearMisses))]
    public void Evaluate_NearMiss_DoesNotFire(string rule, TriageFacts facts) =>
        Assert.DoesNotContain(Rules.Evaluate(facts).Hits, h => h.RuleId == rule);

    [Fact]
    public void Rules_OfTheEmbeddedFile_AllHaveAnExampleAndANearMiss()
    {
        string[] expected = ["I1", "I2", "I3", "I4", "I5", "I6", "U1", "U2", "U3", "U4", "U5", "U6"];

        Assert.Equal(expected, Rules.Rules.Select(r => r.Id));
        Assert.Equal(expected, Meant.Select(row => (string)row[0]).Distinct());
        Assert.Equal(expected, NearMisses.Select(row => (string)row[0]).Distinct());
    }

    [Theory]
    [InlineData("online_fraud", "Saya tertipu belanja online, uang tidak kembali")]
    [InlineData("online_gambling", "Situs judi slot ini masih bisa dibuka, iklannya di mana-mana")]
    [InlineData("illegal_access", "Akun Instagram saya diambil orang")]
    [InlineData("online_prostitution", "Akun ini menawarkan jasa, semua orang dewasa")]
    [InlineData("provocative_content", "Unggahan ini menghina kelompok lain")]
    public void Evaluate_NothingPressing_IsNonUrgent(string category, string text)
    {
        var assessment = Rules.Evaluate(Of(category, text) with { IndicatorKinds = ["url"], AgeBand = AgeBand.Adult });

        Assert.Equal(Tier.NonUrgent, assessment.Tier);
        Assert.Empty(assessment.Hits);
    }

    [Fact]
    public void Evaluate_SeveralRules_HighestWinsAndAllAreTold()
    {
        var facts = Of("child_sexual_exploitation", "Open BO anak SMP, ketemuan malam ini") with { IndicatorKinds = ["platform_handle"] };

        var assessment = Rules.Evaluate(facts);

        Assert.Equal(Tier.Immediate, assessment.Tier);
        Assert.Equal(["I2", "U1", "U6"], assessment.Hits.Select(h => h.RuleId));
        Assert.Equal(Rules.Version, assessment.RuleSetVersion);
        Assert.Equal(Now, assessment.EvaluatedAt);
    }

    [Fact]
    public void Evaluate_Hit_NamesFactsAndQuotesOnlyLexiconTerms()
    {
        const string Secret = "Rahasia Jalan Melati";
        var facts = Of("child_sexual_exploitation", $"{Secret} 0P3N   B.0 siswi {Secret}") with { IndicatorKinds = ["url", "phone"] };

        var hit = Rules.Evaluate(facts).Hits.Single(h => h.RuleId == "U1");

        Assert.Equal("open bo", hit.FactsUsed["text.advertising"].Split(", ").Single(t => t == "open bo"));
        Assert.Equal("siswi", hit.FactsUsed["text.minor"]);
        Assert.Equal("phone, url", hit.FactsUsed["indicatorKinds"]);
        Assert.Equal("unknown", hit.FactsUsed["ageBand"]);
        Assert.DoesNotContain(hit.FactsUsed.Values, v => v.Contains("Melati", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Explain_Rule_HasBothLanguagesAndFallsBackToEnglish()
    {
        Assert.All(Rules.Rules, rule => Assert.NotEqual(Rules.Explain(rule.Id, "id"), Rules.Explain(rule.Id, "en")));
        Assert.Equal(Rules.Explain("I1", "en"), Rules.Explain("I1", "fr"));
        Assert.Null(Rules.Explain("X9", "id"));
    }

    [Fact]
    public void AssessmentJson_WrittenAndRead_IsTheSame()
    {
        var assessment = Rules.Evaluate(Of("online_enticement", "ketemuan besok") with { AgeBand = AgeBand.From13To17 });

        var json = AssessmentJson.Write(assessment);
        var read = AssessmentJson.Read(json);

        Assert.Contains("\"tier\":\"immediate\"", json, StringComparison.Ordinal);
        Assert.Equal(json, AssessmentJson.Write(read));
        Assert.Equal(assessment.Hits.Select(h => h.FactsUsed.OrderBy(f => f.Key, StringComparer.Ordinal)),
            read.Hits.Select(h => h.FactsUsed.OrderBy(f => f.Key, StringComparer.Ordinal)));
    }
}
