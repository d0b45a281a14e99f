using System.Text.RegularExpressions;
using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Linking;

/// <summary>
/// Identifiers that a reporter wrote into the remark about a subject, which has no fields for all of them: mailboxes,
/// addresses, telephone numbers, bank accounts and wallets. Of the remark only, never of the description: there people
/// give their own numbers.
/// </summary>
internal static partial class IndicatorsInText
{
    /// <summary>A list of numbers pasted into a remark is cut off here.</summary>
    public const int Most = 20;

    private static readonly string BankNames = Alternatives(MoneyAccount.BankNames);
    private static readonly string WalletNames = Alternatives(MoneyAccount.WalletsByName);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>The bank is named before its number, with at most a few words between: "BCA a.n. S, 123-456-7890".</summary>
    private static readonly Regex Bank = new($@"\b(?<name>{BankNames}|rekening|norek|no\.? ?rek|rek)\b\.?[^0-9\n]{{0,25}}(?<number>[0-9][0-9 .\-]{{6,22}}[0-9])", Options, Timeout);

    private static readonly Regex Wallet = new($@"\b(?<name>{WalletNames})\b[^0-9+\n]{{0,15}}(?<number>(?:\+62|62|0) ?8[0-9 .\-]{{7,14}}[0-9])", Options, Timeout);

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking;

    public static IEnumerable<Indicator> Find(string text) => All(text).Take(Most);

    private static IEnumerable<Indicator> All(string text)
    {
        foreach (Match match in Email().Matches(text))
        {
            yield return Indicator.OfEmail(match.Value.TrimEnd('.'));
        }

        foreach (Match match in Address().Matches(text))
        {
            var url = match.Value.TrimEnd('.', ',', ')', ';');
            foreach (var indicator in Indicator.AllOfUrl(url))
            {
                yield return indicator;
            }
        }

        foreach (Match match in Wallet.Matches(text))
        {
            yield return Indicator.OfWallet(match.Groups["name"].Value, match.Groups["number"].Value);
        }

        foreach (Match match in Phone().Matches(text))
        {
            yield return Indicator.OfPhone(match.Value);
        }

        foreach (Match match in Bank.Matches(text))
        {
            if (!Phone().IsMatch(match.Groups["number"].Value))
            {
                yield return Indicator.OfBankAccount(match.Groups["name"].Value, match.Groups["number"].Value);
            }
        }
    }

    private static string Alternatives(IEnumerable<string> names) => string.Join('|', names.OrderByDescending(n => n.Length).Select(Regex.Escape));

    [GeneratedRegex(@"[\w.+\-]+@[\w\-]+(\.[\w\-]+)+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Email();

    [GeneratedRegex(@"(https?://|\b(www\.|instagram\.com/|facebook\.com/|fb\.com/|tiktok\.com/|t\.me/|wa\.me/|x\.com/|twitter\.com/))[^\s<>""]+", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<![\d/])(\+ ?62|62|0) ?-?8[0-9][0-9 .\-]{6,12}[0-9](?!\d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Phone();
}
