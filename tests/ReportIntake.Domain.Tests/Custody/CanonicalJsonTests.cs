using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReportIntake.Domain.Custody;

namespace ReportIntake.Domain.Tests.Custody;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData(" null ", "null")]
    [InlineData("[ true , false , [ ] , { } ]", "[true,false,[],{}]")]
    [InlineData("[0, -0, 1, -1, 9007199254740991, -9007199254740991]", "[0,0,1,-1,9007199254740991,-9007199254740991]")]
    [InlineData("""{"b":1,"a":{"z":null,"y":[1]}}""", """{"a":{"y":[1],"z":null},"b":1}""")]
    [InlineData("""{"a":1,"A":2,"":3,"10":4,"1":5}""", """{"":3,"1":5,"10":4,"A":2,"a":1}""")]
    public void Serialize_Value_HasOneSpelling(string json, string expected) => Assert.Equal(expected, Canonical(json));

    /// <summary>RFC 8785 section 3.2.2, without the numbers that are refused here.</summary>
    [Fact]
    public void Serialize_StringOfSection322_EscapesAsTheRfc()
    {
        const string Input = """{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}""";

        Assert.Equal("""{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}""", Canonical(Input));
    }

    /// <summary>RFC 8785 section 3.2.3: the order of these members differs by UTF-8 and by UTF-16.</summary>
    [Fact]
    public void Serialize_MembersOfSection323_SortsByUtf16CodeUnits()
    {
        const string Input = """
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
            """;

        var values = JsonNode.Parse(CanonicalJson.Serialize(JsonNode.Parse(Input)))!.AsObject().Select(m => (string?)m.Value);

        Assert.Equal(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"],
            values);
    }

    [Fact]
    public void Serialize_NonAscii_IsUtf8AndNotEscaped()
    {
        var bytes = CanonicalJson.Serialize(JsonValue.Create("é\u007f\u2028😀<&>"));

        Assert.Equal(Encoding.UTF8.GetBytes("\"é\u007f\u2028😀<&>\""), bytes);
    }

    [Fact]
    public void Serialize_Controls_UseTheShortEscapesOrLowerCaseHex() =>
        Assert.Equal("""["\b\t\n\f\r\u0000\u001b"]""", Canonical("""["\b\t\n\f\r\u0000\u001B"]"""));

    [Fact]
    public void Serialize_NodesMadeInCode_EqualsParsed()
    {
        JsonNode node = new JsonObject { ["b"] = 2L, ["a"] = new JsonArray("x", null, true), ["c"] = 3 };

        Assert.Equal("""{"a":["x",null,true],"b":2,"c":3}""", Encoding.UTF8.GetString(CanonicalJson.Serialize(node)));
    }

    [Fact]
    public void Serialize_NullNode_IsNull() => Assert.Equal("null"u8.ToArray(), CanonicalJson.Serialize((JsonNode?)null));

    [Fact]
    public void Serialize_Canonical_StaysTheSame()
    {
        var once = CanonicalJson.Serialize(JsonNode.Parse("""{"z":[3,{"y":"\u00e9\n"}],"a":-5}"""));

        Assert.Equal(once, CanonicalJson.Serialize(JsonNode.Parse(once)));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("99999999999999999999")]
    [InlineData("""{"a":[0.1]}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""["\ud83d"]""")]
    [InlineData("""{"\ude00":1}""")]
    public void Serialize_NoCanonicalForm_IsRefused(string json)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Throws<FormatException>(() => CanonicalJson.Serialize(document.RootElement));
    }

    [Fact]
    public void Serialize_Undefined_IsRefused() => Assert.Throws<FormatException>(() => CanonicalJson.Serialize(default(JsonElement)));

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Serialize(document.RootElement));
    }
}
