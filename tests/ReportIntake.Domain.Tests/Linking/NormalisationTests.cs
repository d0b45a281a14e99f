using FsCheck;
using FsCheck.Fluent;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Tests.Linking;

public sealed class NormalisationTests
{
    private static readonly string[] Platforms = ["michat", "facebook", "whatsapp", "instagram", "telegram", "x", "tiktok", "website", "other"];

    /// <summary>What people and programs type, taken apart, so that random texts are near to real ones.</summary>
    private static readonly string[] Pieces =
    [
        "manis_01", "Manis.01", "@", " ", "+62", "62", "0812", "00", "(0)", "34567890", "https://", "http://", "tg://", "www.", "m.", "instagram.com", "facebook.com", "t.me", "wa.me", "x.com", "/", "?", "&", "=", "#",
        "utm_source", "fbclid", ":80", ":443", ":8080", ".", "..", "%2e", "%c3%a9", "é", "É", "ﬁ", "İ", "ß", "\u200b", "\u00a0", "１２３", "٣٤٥", "\ud800", "bücher.example", "BCA", "dana", "gmail.com", "a.b+c", "profile.php", "id", "people", "xn--", "-", "_", "",
    ];

    private static readonly Gen<string> Typed = Gen.OneOf(
        Gen.ListOf(Gen.Elements(Pieces)).Select(p => string.Concat(p.Take(8))),
        ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""));

    [Theory]
    [InlineData("+62 (0)812-3456-7890", "+6281234567890")]
    [InlineData("620812 3456 7890", "+6281234567890")]
    [InlineData("WA: 0812.3456.7890", "+6281234567890")]
    [InlineData("０８１２３４５６７８９０", "+6281234567890")]
    [InlineData("(021) 555-0100", "+62215550100")]
    [InlineData("110", "110")]
    [InlineData("tidak tahu", "tidak tahu")]
    public void OfPhone_SpellingsOfIndonesia_AreE164(string typed, string expected) => Assert.Equal(expected, Indicator.OfPhone(typed).Normalised);

    [Theory]
    [InlineData("instagram", "https://www.instagram.com/Manis_01/?igsh=abc", "instagram:manis_01")]
    [InlineData("instagram", "instagram.com/stories/manis_01/123", "instagram:manis_01")]
    [InlineData("other", "https://id-id.facebook.com/manis.cantik.9", "facebook:maniscantik9")]
    [InlineData("facebook", "Manis.Cantik.9", "facebook:maniscantik9")]
    [InlineData("facebook", "Manis  Cantik", "facebook:manis cantik")]
    [InlineData("facebook", "https://m.facebook.com/profile.php?id=100012345678901&mibextid=Z", "facebook:100012345678901")]
    [InlineData("facebook", "m.me/manis.cantik.9", "facebook:maniscantik9")]
    [InlineData("tiktok", "https://www.tiktok.com/@Manis.01/video/7123?_t=8", "tiktok:manis.01")]
    [InlineData("x", "twitter.com/Manis_01/status/1", "x:manis_01")]
    [InlineData("x", "https://x.com/manis_01", "x:manis_01")]
    [InlineData("telegram", "https://t.me/s/Manis_01", "telegram:manis_01")]
    [InlineData("telegram", "tg://resolve?domain=manis_01", "telegram:manis_01")]
    [InlineData("michat", "\u200b @Manis_01", "michat:manis_01")]
    public void OfHandle_NameOrAddress_IsTheAccount(string platform, string typed, string expected)
    {
        var indicator = Indicator.OfHandle(platform, typed);

        Assert.Equal((IndicatorKind.PlatformHandle, expected), (indicator.Kind, indicator.Normalised));
    }

    [Theory]
    [InlineData("whatsapp", "0812-3456-7890")]
    [InlineData("whatsapp", "https://wa.me/6281234567890?text=halo")]
    [InlineData("whatsapp", "https://api.whatsapp.com/send?phone=6281234567890")]
    [InlineData("telegram", "https://t.me/+6281234567890")]
    public void OfHandle_AccountThatIsANumber_IsThatNumber(string platform, string typed)
    {
        var indicator = Indicator.OfHandle(platform, typed);

        Assert.Equal((IndicatorKind.Phone, "+6281234567890"), (indicator.Kind, indicator.Normalised));
    }

    [Theory]
    [InlineData("https://t.me/+AbCdEfGh")]
    [InlineData("https://chat.whatsapp.com/AbCdEf")]
    [InlineData("https://www.instagram.com/p/Cxyz/")]
    [InlineData("https://vt.tiktok.com/ZSabc/")]
    [InlineData("https://example.com/manis")]
    public void AllOfUrl_NoProfile_IsTheAddressAlone(string url) => Assert.Equal([IndicatorKind.Url], Indicator.AllOfUrl(url).Select(i => i.Kind));

    [Theory]
    [InlineData("HTTPS://WWW.Example.COM:443/A/?utm_campaign=x&fbclid=y#z", "example.com/A")]
    [InlineData("http://example.com:80/a%c3%a9", "example.com/a%C3%A9")]
    [InlineData("https://bücher.example/x", "xn--bcher-kva.example/x")]
    [InlineData("https://user:secret@example.com/", "example.com")]
    [InlineData("m.me", "m.me")]
    public void OfUrl_Canonical_IsOne(string typed, string expected) => Assert.Equal(expected, Indicator.OfUrl(typed).Normalised);

    [Theory]
    [InlineData("Manis.Cantik+wa@Googlemail.com", "maniscantik@gmail.com")]
    [InlineData("mailto:Manis@Bücher.example", "manis@xn--bcher-kva.example")]
    public void OfEmail_AnySpelling_IsOne(string typed, string expected) => Assert.Equal(expected, Indicator.OfEmail(typed).Normalised);

    [Fact]
    public void OfBankAccountAndWallet_Names_AreCodes()
    {
        Assert.Equal("bca:1234567890", Indicator.OfBankAccount("Bank Central Asia", "123-456-7890").Normalised);
        Assert.Equal("bank:1234567890", Indicator.OfBankAccount(null, "1234567890").Normalised);
        Assert.Equal("gopay:+6281234567890", Indicator.OfWallet("Go-Pay", "0812 3456 7890").Normalised);
    }

    [Fact]
    public void Indicators_OfARemark_AreFoundInIt()
    {
        var subject = new Subject("michat", "manis_01", null, null, "Transfer ke BCA a.n. S 123-456-7890 atau dana 0812 3456 7890, email manis@example.com, ig https://instagram.com/manis_01.");

        Assert.Equal(
            ["+6281234567890", "bca:1234567890", "dana:+6281234567890", "instagram.com/manis_01", "instagram:manis_01", "manis@example.com", "michat:manis_01"],
            subject.Indicators().Select(i => i.Normalised).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Indicators_HandleAndItsAddress_AreOneAccount() =>
        Assert.Equal(["instagram:manis_01", "instagram.com/manis_01"], new Subject("instagram", "Manis_01", "https://instagram.com/manis_01/", null, null).Indicators().Select(i => i.Normalised));

    [Theory]
    [InlineData("tidak tahu", false)]
    [InlineData("-", false)]
    [InlineData("@a", false)]
    [InlineData("manis_01", true)]
    public void Identifies_NonAnswers_DoNot(string handle, bool expected) => Assert.Equal(expected, Indicator.OfHandle("michat", handle).Identifies());

    [Fact]
    public void Normalise_Twice_IsTheSameAsOnce() => Prop.ForAll(Typed.ToArbitrary(), Gen.Elements(Platforms).ToArbitrary(), (typed, platform) =>
    {
        Same(Indicator.OfPhone(typed), Indicator.OfPhone);
        Same(Indicator.OfUrl(typed), Indicator.OfUrl);
        Same(Indicator.OfEmail(typed), Indicator.OfEmail);
        var handle = Indicator.OfHandle(platform, typed);
        if (handle.Kind is IndicatorKind.PlatformHandle)
        {
            var parts = handle.Normalised.Split(':', 2);
            Same(handle, _ => Indicator.OfHandle(parts[0], parts[1]));
        }

        static void Same(Indicator once, Func<string, Indicator> again) => Assert.Equal(once.Normalised, again(once.Normalised).Normalised);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
