using System.Text;
using System.Text.Json.Nodes;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Tests.Triage;

public sealed class RuleSetFileTests
{
    private const string Valid = """
        {
          "version": "2027-01-1",
          "thresholds": { "expectedWithinHours": 72, "expectedGraceHours": 0, "independentReports": 3, "severalVictims": 2, "minorAgeTo": 17 },
          "definitions": { "child": { "anyOf": ["minor_known", "text:minor"] } },
          "rules": [ { "id": "X1", "tier": "urgent", "description": { "id": "Sebab", "en": "Reason" }, "when": { "allOf": ["child", "danger_now"] } } ],
          "lexicon": { "minor": { "id": ["anak"] } }
        }
        """;

    [Fact]
    public void Load_OtherFile_ReplacesTheRules()
    {
        var rules = Load(Valid);

        var assessment = rules.Evaluate(new TriageFacts
        {
            Category = "other",
            Texts = ["Anak itu"],
            DangerNow = Danger.Yes,
            EvaluatedAt = DateTimeOffset.UnixEpoch,
        });

        Assert.Equal((Tier.Urgent, "2027-01-1"), (assessment.Tier, assessment.RuleSetVersion));
        Assert.Equal("anak", Assert.Single(assessment.Hits).FactsUsed["text.minor"]);
    }

    [Theory]
    [InlineData("version", "\"\"", "version")]
    [InlineData("rules", "[]", "no rules")]
    [InlineData("thresholds.independentReports", "0", "threshold")]
    [InlineData("rules.0.tier", "\"non_urgent\"", "tier")]
    [InlineData("rules.0.tier", "\"Immediate\"", "tier")]
    [InlineData("rules.0.description", "{\"en\":\"x\"}", "'id'")]
    [InlineData("rules.0.when", "\"text:unheard_of\"", "text:unheard_of")]
    [InlineData("rules.0.when", "\"adult_known\"", "adult_known")]
    [InlineData("rules.0.when", "{\"not\":[\"child\"]}", "no negation")]
    [InlineData("rules.0.when", "{\"allOf\":[]}", "allOf")]
    [InlineData("rules.0.when", "{\"allOf\":[\"child\"],\"anyOf\":[\"child\"]}", "allOf")]
    [InlineData("rules.0.when", "true", "condition")]
    [InlineData("rules.0.when", "\"category:\"", "category:")]
    [InlineData("rules.0.extra", "1", "extra")]
    [InlineData("definitions.child", "{\"anyOf\":[\"child\"]}", "contains itself")]
    [InlineData("definitions.unused", "\"nonsense\"", "nonsense")]
    [InlineData("definitions.danger_now", "\"ongoing\"", "name of a predicate")]
    [InlineData("lexicon.minor.id", "[\"...\"]", "without letters")]
    [InlineData("lexicon.minor.id", "null", "null")]
    [InlineData("lexicon.minor", "null", "null")]
    [InlineData("rules", "[null]", "null")]
    public void Load_BadFile_IsRefusedWithAMessageThatNamesThePlace(string path, string value, string named)
    {
        var file = JsonNode.Parse(Valid)!;
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(file, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);

        var refusal = Assert.Throws<InvalidDataException>(() => Load(file.ToJsonString()));

        Assert.StartsWith("The triage rules ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"version\":\"1\",\"version\":\"2\"}")]
    public void Load_NotARulesFile_IsRefused(string json) =>
        Assert.StartsWith("The triage rules ", Assert.Throws<InvalidDataException>(() => Load(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_TwoRulesWithOneId_IsRefused()
    {
        var file = JsonNode.Parse(Valid)!;
        file["rules"]!.AsArray().Add(file["rules"]![0]!.DeepClone());

        Assert.Contains("X1", Assert.Throws<InvalidDataException>(() => Load(file.ToJsonString())).Message, StringComparison.Ordinal);
    }

    private static RuleSet Load(string json) => RuleSet.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
