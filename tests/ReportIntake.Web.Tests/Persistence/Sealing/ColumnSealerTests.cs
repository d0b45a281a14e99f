using System.Security.Cryptography;
using System.Text;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Tests.Persistence.Sealing;

public sealed class ColumnSealerTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(ColumnSealer.SecretSize);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("Anak saya diajak bertemu \U0001F622 di stasiun")]
    public void Seal_AnyText_OpensAgainInAnotherProcess(string text)
    {
        var value = Sealer(Secret).Column("Reports.Description").SealText(text);

        Assert.Equal(text, Sealer(Secret).Column("Reports.Description").OpenText(value));
        Assert.Equal(Encoding.UTF8.GetByteCount(text) + ColumnSealer.Overhead, value.Length);
    }

    [Fact]
    public void Seal_SameTextTwice_HasNothingInCommon()
    {
        var cipher = Sealer(Secret).Column("Reports.Description");

        Assert.NotEqual(cipher.SealText("the same")[1..], cipher.SealText("the same")[1..]);
    }

    [Fact]
    public void Open_AnyByteChanged_IsRefused()
    {
        var cipher = Sealer(Secret).Column("Reports.Description");
        var value = cipher.SealText("text");

        for (var i = 0; i < value.Length; i++)
        {
            var damaged = value.ToArray();
            damaged[i] ^= 1;
            Assert.Throws<SealedValueException>(() => cipher.OpenText(damaged));
        }
    }

    [Fact]
    public void Open_CutOffOrClearText_IsRefused()
    {
        var cipher = Sealer(Secret).Column("Reports.Description");
        var value = cipher.SealText("text");

        Assert.All(Enumerable.Range(0, value.Length), n => Assert.Throws<SealedValueException>(() => cipher.OpenText(value[..n])));
        Assert.Throws<SealedValueException>(() => cipher.OpenText("A text that was never sealed, as an older program left it."u8.ToArray()));
    }

    [Fact]
    public void Open_InAnotherColumn_IsRefused()
    {
        var value = Sealer(Secret).Column("Reports.Description").SealText("text");

        Assert.Throws<SealedValueException>(() => Sealer(Secret).Column("Notes.Text").OpenText(value));
    }

    [Fact]
    public void Open_OtherSecret_IsRefused()
    {
        var value = Sealer(Secret).Column("Reports.Description").SealText("text");

        Assert.Throws<SealedValueException>(() => Sealer(RandomNumberGenerator.GetBytes(32)).Column("Reports.Description").OpenText(value));
    }

    [Fact]
    public void Open_KeyRingLost_SaysSo()
    {
        var sealer = new ColumnSealer();
        sealer.Use(() => throw new CryptographicException("The key was not found in the key ring."));

        var refusal = Assert.Throws<SealedValueException>(() => sealer.Column("Reports.Description").SealText("text"));

        Assert.Contains("key ring", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LookupKey_SameText_IsTheSameInOneColumnOnly()
    {
        var key = Sealer(Secret).LookupKey("NormalisedLookup", "michat:name");

        Assert.Equal(ColumnSealer.LookupSize, key.Length);
        Assert.Equal(key, Sealer(Secret).LookupKey("NormalisedLookup", "michat:name"));
        Assert.NotEqual(key, Sealer(Secret).LookupKey("NormalisedLookup", "michat:nama"));
        Assert.NotEqual(key, Sealer(Secret).LookupKey("OtherLookup", "michat:name"));
        Assert.NotEqual(key, Sealer(RandomNumberGenerator.GetBytes(32)).LookupKey("NormalisedLookup", "michat:name"));
    }

    private static ColumnSealer Sealer(byte[] secret)
    {
        var sealer = new ColumnSealer();
        sealer.Use(() => secret);
        return sealer;
    }
}
