using FsCheck;
using FsCheck.Fluent;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Tests.Triage;

/// <summary>The invariants of the domain, on made-up facts: more danger, less knowledge and further reports never lower a tier.</summary>
public sealed class TriageInvariantTests
{
    private static readonly RuleSet Rules = RuleSet.Embedded();
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    private static readonly string[] Snippets =
    [
        "Saya melihat akun ini", "open bo", "anak smp", "ketemuan malam ini", "sedang live", "belum pulang", "bunuh diri", "akan disebarkan",
        "diancam dibunuh", "dicabuli", "setiap malam", "minta foto", "story", "beberapa korban", "umur 15", "tolong saya", "disekap", "tertipu", "",
    ];

    /// <summary>Each puts the most dangerous value that fact can have.</summary>
    private static readonly (string Name, Func<TriageFacts, TriageFacts> Add)[] Dangers =
    [
        ("child safety", f => f with { ChildSafety = true }),
        ("age 13 to 17, unless younger", f => f with { AgeBand = f.AgeBand is AgeBand.Under13 ? AgeBand.Under13 : AgeBand.From13To17 }),
        ("age under 13", f => f with { AgeBand = AgeBand.Under13 }),
        ("danger now", f => f with { DangerNow = Danger.Yes }),
        ("victim is reporting", f => f with { VictimIsReporter = true }),
        ("ongoing", f => f with { Ongoing = true }),
        ("meeting tomorrow", f => f with { ExpectedAt = Now.AddDays(1) }),
        ("a handle", f => f with { IndicatorKinds = [.. f.IndicatorKinds, "platform_handle"] }),
        ("a hash match", f => f with { HashListMatches = [.. f.HashListMatches, "known_abuse_material"] }),
        ("more victims", f => f with { VictimCount = (f.VictimCount ?? 0) + 2 }),
        .. Snippets.Select(s => ($"text '{s}'", (Func<TriageFacts, TriageFacts>)(f => f with { Texts = [.. f.Texts, s] }))),
    ];

    /// <summary>Each forgets a fact that has a harmless value.</summary>
    private static readonly (string Name, Func<TriageFacts, bool> IsHarmless, Func<TriageFacts, TriageFacts> Forget)[] Gaps =
    [
        ("adult", f => f.AgeBand is AgeBand.Adult, f => f with { AgeBand = AgeBand.Unknown }),
        ("no danger", f => f.DangerNow is Danger.No, f => f with { DangerNow = Danger.Unknown }),
        ("one victim", f => f.VictimCount is 0 or 1, f => f with { VictimCount = null }),
        ("meeting far off or long past", f => f.ExpectedAt is { } at && (at > Now.AddDays(4) || at < Now.AddDays(-4)), f => f with { ExpectedAt = null }),
        ("began long ago", f => f.OccurredFrom < Now.AddDays(-4) && !(f.OccurredTo >= Now), f => f with { OccurredFrom = null }),
        ("ended long ago", f => f.OccurredTo < Now.AddDays(-4), f => f with { OccurredTo = null }),
        ("early stage", f => f.Stage is "selection", f => f with { Stage = null }),
    ];

    private static readonly Gen<DateTimeOffset?> Times =
        Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), Gen.Choose(-400, 400).Select(hours => (DateTimeOffset?)Now.AddHours(hours)));

    private static readonly Gen<TriageFacts> Facts =
        from category in Gen.Elements(
            "child_sexual_exploitation", "child_abuse_material", "online_prostitution", "trafficking", "kidnapping", "online_enticement", "sextortion",
            "online_fraud", "extortion", "illegal_access", "online_gambling", "threats", "provocative_content", "other")
        from childSafety in Gen.Elements(true, false)
        from age in Gen.Elements(Enum.GetValues<AgeBand>())
        from danger in Gen.Elements(Enum.GetValues<Danger>())
        from reporter in Gen.Elements(true, false)
        from stage in Gen.Elements(null, "selection", "contact", "trust_building", "kidnapping", "advertising", "transaction", "exploitation")
        from occurredFrom in Times
        from occurredTo in Times
        from ongoing in Gen.Elements(true, false, false)
        from expected in Times
        from texts in Gen.ArrayOf(Gen.Elements(Snippets)).Select(t => t.Take(4).ToArray())
        from kinds in Gen.SubListOf("platform_handle", "url", "phone", "email", "bank_account", "e_wallet")
        from victims in Gen.Elements<int?>(null, 0, 1, 2, 5)
        from independent in Gen.Choose(0, 4)
        from matches in Gen.SubListOf("known_abuse_material")
        select new TriageFacts
        {
            Category = category,
            ChildSafety = childSafety,
            AgeBand = age,
            DangerNow = danger,
            VictimIsReporter = reporter,
            Stage = stage,
            OccurredFrom = occurredFrom,
            OccurredTo = occurredTo,
            Ongoing = ongoing,
            ExpectedAt = expected,
            Texts = texts,
            IndicatorKinds = [.. kinds],
            VictimCount = victims,
            IndependentReportsOfIndicator = independent,
            HashListMatches = [.. matches],
            EvaluatedAt = Now,
        };

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1500);

    [Fact]
    public void Evaluate_DangerAdded_NeverLowersAndKeepsEveryHit() => Prop.ForAll(
        (from facts in Facts from danger in Gen.Elements(Dangers) select (facts, danger)).ToArbitrary(),
        c => Keeps(c.facts, c.danger.Add(c.facts), c.danger.Name)).Check(Thorough);

    [Fact]
    public void Evaluate_HarmlessFactMissing_NeverLowersAndKeepsEveryHit() => Prop.ForAll(
        (from facts in Facts from gap in Gen.Elements(Gaps) select (facts, gap)).ToArbitrary(),
        c => !c.gap.IsHarmless(c.facts) || Keeps(c.facts, c.gap.Forget(c.facts), c.gap.Name)).Check(Thorough);

    /// <summary>Stronger than the rule asks: in a child-safety category nobody need say the age for a report to count as a child's.</summary>
    [Fact]
    public void Evaluate_AgeMissingInChildSafetyCategory_CountsAsAChild() => Prop.ForAll(
        Facts.ToArbitrary(),
        facts =>
        {
            var child = facts with { ChildSafety = true, AgeBand = AgeBand.From13To17 };
            return Rules.Evaluate(child with { AgeBand = AgeBand.Unknown }).Tier <= Rules.Evaluate(child).Tier;
        }).Check(Thorough);

    [Fact]
    public void Evaluate_FurtherReportOfTheIndicator_NeverLowers() => Prop.ForAll(
        (from facts in Facts from more in Gen.Choose(1, 50) select (facts, more)).ToArbitrary(),
        c => Keeps(
            c.facts,
            c.facts with { IndependentReportsOfIndicator = c.facts.IndependentReportsOfIndicator + c.more },
            "duplicate")).Check(Thorough);

    [Fact]
    public void Evaluate_Twice_AnswersTheSame() => Prop.ForAll(
        Facts.ToArbitrary(),
        facts => AssessmentJson.Write(Rules.Evaluate(facts)) == AssessmentJson.Write(RuleSet.Embedded().Evaluate(facts with { })))
        .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Evaluate_OrderOfTextsAndIndicators_DoesNotMatter() => Prop.ForAll(
        Facts.ToArbitrary(),
        facts => AssessmentJson.Write(Rules.Evaluate(facts))
            == AssessmentJson.Write(Rules.Evaluate(facts with { Texts = [.. facts.Texts.Reverse()], IndicatorKinds = [.. facts.IndicatorKinds.Reverse()] })))
        .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Evaluate_Tier_IsThatOfTheMostPressingHit() => Prop.ForAll(
        Facts.ToArbitrary(),
        facts => Rules.Evaluate(facts) is var a && a.Tier == a.Hits.Select(h => h.Tier).Append(Tier.NonUrgent).Min()).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void TriageFacts_Members_TellNothingOfTheReporterAndNoTier()
    {
        var names = typeof(TriageFacts).GetProperties().Select(p => p.Name).ToList();

        Assert.DoesNotContain(names, n => n.Contains("Anonym", StringComparison.Ordinal) || n.Contains("Contact", StringComparison.Ordinal));
        Assert.Equal(["VictimIsReporter"], names.Where(n => n.Contains("Reporter", StringComparison.Ordinal)));
        Assert.DoesNotContain(typeof(TriageFacts).GetProperties(), p => p.PropertyType == typeof(Tier) || p.PropertyType == typeof(Tier?));
    }

    private static bool Keeps(TriageFacts before, TriageFacts after, string what)
    {
        var (old, now) = (Rules.Evaluate(before), Rules.Evaluate(after));
        var lost = old.Hits.Select(h => h.RuleId).Except(now.Hits.Select(h => h.RuleId)).ToList();
        Assert.True(now.Tier <= old.Tier && lost.Count == 0, $"{what}: {old.Tier} became {now.Tier}, lost {string.Join(' ', lost)}");
        return true;
    }
}
