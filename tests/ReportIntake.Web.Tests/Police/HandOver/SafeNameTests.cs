using System.Text.RegularExpressions;
using ReportIntake.Web.Features.Police.HandOver;

namespace ReportIntake.Web.Tests.Police.HandOver;

public sealed partial class SafeNameTests
{
    [Theory]
    [InlineData("foto di pasar.png", "0007-foto_di_pasar.png")]
    [InlineData("IMG-2026.JPG", "0007-IMG-2026.JPG")]
    [InlineData("Café Ünïcode.jpeg", "0007-Cafe_Unicode.jpeg")]
    [InlineData("../../etc/passwd", "0007-etc_passwd")]
    [InlineData("..\\..\\windows\\system.ini", "0007-windows_system.ini")]
    [InlineData("/etc/shadow", "0007-etc_shadow")]
    [InlineData("C:\\a.txt", "0007-C_a.txt")]
    [InlineData("CON", "0007-CON")]
    [InlineData("-rf", "0007-rf")]
    [InlineData(".profile", "0007-profile")]
    [InlineData("name. . .", "0007-name")]
    [InlineData("a\0b\r\nc\u001b[31m.png", "0007-a_b_c_31m.png")]
    [InlineData("photo\u202Egnp.exe", "0007-photo_gnp.exe")]
    [InlineData("照片.png", "0007-png")]
    [InlineData("照片", "0007-file")]
    [InlineData("", "0007-file")]
    [InlineData("a....b", "0007-a.b")]
    public void Of_AnyName_IsSafe(string name, string expected) => Assert.Equal(expected, SafeName.Of(7, name));

    [Fact]
    public void Of_LongName_IsShortAndKeepsItsExtension()
    {
        var safe = SafeName.Of(1, new string('x', 250) + ".mp4");

        Assert.Equal(85, safe.Length);
        Assert.EndsWith("x.mp4", safe, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoUnicodeAtAll_IsSafe() => Assert.Equal("0001-a_b_c_d", SafeName.Of(1, "a\uD800b\uFFFFc\uDC00\uFFFEd"));

    [Fact]
    public void Of_AnythingAtAll_HasOnlySafeCharacters()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var name = new string([.. Enumerable.Range(0, random.Next(300)).Select(_ => (char)random.Next(0x10000))]);

            Assert.Matches(Safe(), SafeName.Of(i, name));
        }
    }

    [GeneratedRegex("^[0-9]{4}-[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Safe();
}
