using ReportIntake.Domain.Linking;

namespace ReportIntake.Domain.Reports;

public enum IndicatorKind
{
    PlatformHandle,
    Url,
    Phone,
    Email,
    BankAccount,
    EWallet,
}

/// <summary>
/// One identifier of a subject: as typed, and normalised so that the same account written in two ways is found as one.
/// Normalising what is normalised changes nothing.
/// </summary>
public sealed class Indicator
{
    /// <summary>Letters and digits of the shortest value that tells one account from another.</summary>
    private const int TellingLength = 3;

    /// <summary>What people write into a field they have nothing for. Three of those are no three reports of one account.</summary>
    private static readonly HashSet<string> NonAnswers = new(StringComparer.Ordinal)
    {
        "tidak tahu", "tidaktahu", "tidak ada", "tidakada", "gak tau", "gak tahu", "ga tau", "gatau", "tdk tau", "tdk tahu", "belum tahu", "kosong", "lupa", "rahasia",
        "anonim", "anonymous", "unknown", "none", "null", "n/a", "not known", "dont know", "don't know", "nama", "akun", "test", "tes", "xxx", "admin", "user",
    };

    private Indicator()
    {
    }

    public Guid Id { get; private set; }

    public IndicatorKind Kind { get; private set; }

    public string Value { get; private set; } = "";

    /// <summary>Equal for two spellings of one identifier; handles, banks and wallets carry whose they are (<c>michat:name</c>).</summary>
    public string Normalised { get; private set; } = "";

    /// <summary>When its report was filed: what lists of indicators are ordered by.</summary>
    public DateTimeOffset SeenAt { get; internal set; }

    /// <summary>
    /// A handle, or what was typed in its place: a profile's address is the account it leads to, a mailbox is one, and an
    /// account of WhatsApp or Telegram that is a number is that number.
    /// </summary>
    public static Indicator OfHandle(string? platform, string handle)
    {
        var typed = Spelling.Fold(handle).Trim('@', ' ');
        if (typed.Contains('/', StringComparison.Ordinal) && PlatformAccount.OfUrl(typed) is { } account)
        {
            return OfAccount(handle, account);
        }

        return EmailAddress.IsWhole(typed) ? OfEmail(handle)
            : platform is "whatsapp" or "telegram" && PhoneNumber.IsWhole(typed) ? OfPhone(handle)
            : OfAccount(handle, new PlatformAccount(platform ?? "other", PlatformAccount.NormaliseName(platform, typed)));
    }

    public static Indicator OfUrl(string url) => Of(IndicatorKind.Url, url, WebAddress.Normalise(url));

    /// <summary>The address, and the account that it is the profile of, where it is one.</summary>
    public static IEnumerable<Indicator> AllOfUrl(string url) =>
        PlatformAccount.OfUrl(url) is { } account ? [OfUrl(url), OfAccount(url, account)] : [OfUrl(url)];

    public static Indicator OfPhone(string phone) => Of(IndicatorKind.Phone, phone, PhoneNumber.Normalise(phone));

    public static Indicator OfEmail(string address) => Of(IndicatorKind.Email, address, EmailAddress.Normalise(address));

    /// <param name="bank">As people name it; null or an unknown one where only the number is known.</param>
    public static Indicator OfBankAccount(string? bank, string number) => Of(IndicatorKind.BankAccount, $"{bank} {number}".Trim(), MoneyAccount.NormaliseBank(bank, number));

    public static Indicator OfWallet(string wallet, string number) => Of(IndicatorKind.EWallet, $"{wallet} {number}", MoneyAccount.NormaliseWallet(wallet, number));

    /// <summary>False for what two reports may have in common without meaning the same: "-", "tidak tahu".</summary>
    public bool Identifies() =>
        IndicatorPrefix.BodyOf(Kind, Normalised) is var body && body.Count(char.IsLetterOrDigit) >= TellingLength && !NonAnswers.Contains(body);

    private static Indicator OfAccount(string value, PlatformAccount account) => account.Platform is "whatsapp" && account.Name.StartsWith('+')
        ? Of(IndicatorKind.Phone, value, account.Name)
        : Of(IndicatorKind.PlatformHandle, value, $"{account.Platform}:{account.Name}");

    private static Indicator Of(IndicatorKind kind, string value, string normalised) =>
        new() { Id = Guid.NewGuid(), Kind = kind, Value = value, Normalised = normalised };
}
