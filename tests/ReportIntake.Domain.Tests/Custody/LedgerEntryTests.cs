using ReportIntake.Domain.Custody;

namespace ReportIntake.Domain.Tests.Custody;

public sealed class LedgerEntryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero);

    [Fact]
    public void Write_WithPurpose_LogsItsHashAndKeepsTheWordsApart()
    {
        var entry = Write(("purpose", "Letter B/12"), ("range", "0-99"));

        Assert.Equal("Letter B/12", entry.Purpose);
        Assert.DoesNotContain("Letter", entry.Details, StringComparison.Ordinal);
        Assert.Matches("""^\{"purposeHash":"[0-9a-f]{64}","range":"0-99"\}$""", entry.Details);
        Assert.True(entry.PurposeIsAsLogged());
    }

    [Fact]
    public void Write_SamePurposeTwice_HashesDiffer() =>
        Assert.NotEqual(Write(("purpose", "Letter B/12")).Details, Write(("purpose", "Letter B/12")).Details);

    [Fact]
    public void Write_WithoutPurpose_LogsTheDetailsAsTheyAre()
    {
        var entry = Write(("tier", "urgent"), ("rules", "U1"));

        Assert.Equal("""{"rules":"U1","tier":"urgent"}""", entry.Details);
        Assert.Null(entry.Purpose);
        Assert.True(entry.PurposeIsAsLogged());
    }

    [Theory]
    [InlineData(nameof(LedgerEntry.Purpose), "Letter B/13")]
    [InlineData(nameof(LedgerEntry.PurposeSalt), null)]
    [InlineData(nameof(LedgerEntry.Details), "{}")]
    public void PurposeIsAsLogged_Changed_IsFalse(string property, string? value)
    {
        var entry = Write(("purpose", "Letter B/12"));

        typeof(LedgerEntry).GetProperty(property)!.SetValue(entry, value);

        Assert.False(entry.PurposeIsAsLogged());
    }

    private static LedgerEntry Write(params (string Key, string Value)[] details) =>
        LedgerEntry.Write(Actor.System, "original_read", null, null, details.ToDictionary(d => d.Key, d => d.Value), Now);
}
