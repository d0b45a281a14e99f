namespace ReportIntake.Domain.Linking;

/// <summary>Where money is sent: accounts of Indonesian banks, and wallets, which are telephone numbers.</summary>
public static class MoneyAccount
{
    /// <summary>Where the bank is not told. The number is compared all the same.</summary>
    public const string AnyBank = "bank";

    /// <summary>Names people write, by the code they are kept under. Of the banks and wallets whose names appear in Indonesian fraud reports (cekrekening.id's list).</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["bca"] = "bca",
        ["bank central asia"] = "bca",
        ["blu"] = "blu",
        ["bri"] = "bri",
        ["bank rakyat indonesia"] = "bri",
        ["bni"] = "bni",
        ["mandiri"] = "mandiri",
        ["bank mandiri"] = "mandiri",
        ["bsi"] = "bsi",
        ["bank syariah indonesia"] = "bsi",
        ["btn"] = "btn",
        ["cimb"] = "cimb",
        ["cimb niaga"] = "cimb",
        ["permata"] = "permata",
        ["danamon"] = "danamon",
        ["panin"] = "panin",
        ["ocbc"] = "ocbc",
        ["maybank"] = "maybank",
        ["btpn"] = "btpn",
        ["jenius"] = "btpn",
        ["jago"] = "jago",
        ["bank jago"] = "jago",
        ["seabank"] = "seabank",
        ["sea bank"] = "seabank",
        ["neo"] = "neo",
        ["bank neo"] = "neo",
        ["allo"] = "allo",
        ["mega"] = "mega",
        ["bank mega"] = "mega",
        ["muamalat"] = "muamalat",
        ["bjb"] = "bjb",
    };

    private static readonly Dictionary<string, string> WalletNames = new(StringComparer.Ordinal)
    {
        ["dana"] = "dana",
        ["gopay"] = "gopay",
        ["go-pay"] = "gopay",
        ["go pay"] = "gopay",
        ["ovo"] = "ovo",
        ["shopeepay"] = "shopeepay",
        ["shopee pay"] = "shopeepay",
        ["spay"] = "shopeepay",
        ["linkaja"] = "linkaja",
        ["link aja"] = "linkaja",
    };

    public static IReadOnlyCollection<string> BankNames => Names.Keys;

    public static IReadOnlyCollection<string> WalletsByName => WalletNames.Keys;

    public static IEnumerable<string> Banks => Names.Values.Distinct().Append(AnyBank);

    public static IEnumerable<string> Wallets => WalletNames.Values.Distinct();

    /// <summary><c>bca:1234567890</c>: the bank's code and the digits.</summary>
    public static string NormaliseBank(string? bank, string number)
    {
        var digits = Spelling.Digits(number);
        return $"{Names.GetValueOrDefault(Spelling.Fold(bank ?? ""), AnyBank)}:{(digits.Length > 0 ? digits : Spelling.Fold(number))}";
    }

    /// <summary><c>dana:+6281234567890</c>: the wallet's code and the number in E.164.</summary>
    public static string NormaliseWallet(string wallet, string number) =>
        $"{WalletNames.GetValueOrDefault(Spelling.Fold(wallet), Spelling.Fold(wallet))}:{PhoneNumber.Normalise(number)}";
}
