using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Tests.Reports;

public sealed class ReceiptCodeTests
{
    [Fact]
    public void Create_Revealed_ReadsBack()
    {
        for (var i = 0; i < 200; i++)
        {
            var code = ReceiptCode.Create();

            Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$", code.Reveal());
            Assert.True(ReceiptCode.TryParse(code.Reveal(), out var read));
            Assert.Equal(code.Canonical, read.Canonical);
        }
    }

    [Fact]
    public void TryParse_AsPeopleType_IsForgiving()
    {
        var code = ReceiptCode.Create();
        var typed = " " + code.Reveal().ToLowerInvariant().Replace('-', ' ').Replace('0', 'o').Replace('1', 'l') + " ";

        Assert.True(ReceiptCode.TryParse(typed, out var read));
        Assert.Equal(code.Canonical, read.Canonical);
    }

    [Fact]
    public void TryParse_OneWrongCharacter_IsAlwaysNoticed()
    {
        const string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        var code = ReceiptCode.Create().Canonical;
        for (var i = 0; i < code.Length; i++)
        {
            foreach (var wrong in alphabet.Where(c => c != code[i]))
            {
                Assert.False(ReceiptCode.TryParse(code[..i] + wrong + code[(i + 1)..], out _));
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000-0000-0000-0000")]
    [InlineData("0000-0000-0000-0000-00")]
    [InlineData("UUUU-UUUU-UUUU-UUUU-U")]
    public void TryParse_NoCode_IsRefused(string? text) => Assert.False(ReceiptCode.TryParse(text, out _));

    [Fact]
    public void ToString_Interpolated_ShowsNoSecret()
    {
        var code = ReceiptCode.Create();

        Assert.DoesNotContain(code.Canonical[..4], $"{code}", StringComparison.Ordinal);
    }
}
