using ReportIntake.Domain.Reports;

namespace ReportIntake.Domain.Linking;

/// <summary>
/// What somebody typed to find an indicator by: everything that it may be, since nobody wants to choose first. A platform,
/// bank or wallet before a colon says which (<c>michat:name</c>); a star at the end asks for all that begin so.
/// </summary>
public sealed record IndicatorQuery
{
    public const int MaxLength = Subject.UrlMaxLength;

    private IndicatorQuery()
    {
    }

    /// <summary>All that the text may mean, exactly.</summary>
    public IReadOnlyList<(IndicatorKind Kind, string Normalised)> Exact { get; private init; } = [];

    /// <summary>Beginnings of bodies (<see cref="IndicatorPrefix.BodyOf"/>); empty where no star was typed.</summary>
    public IReadOnlyList<string> Beginnings { get; private init; } = [];

    public bool IsPrefix { get; private init; }

    /// <summary>What the normalised value must start with, such as <c>michat:</c>; empty where nothing was said.</summary>
    public string Owner { get; private init; } = "";

    /// <param name="platforms">Codes of the catalogue's platforms.</param>
    public static IndicatorQuery Read(string typed, IEnumerable<string> platforms)
    {
        var text = typed.Trim();
        var known = platforms.Append("other").Distinct().ToList();
        var owner = OwnerOf(text, known);
        var said = owner.Length > 0 ? text[(owner.Length + 1)..].Trim() : text;
        if (said.EndsWith('*'))
        {
            return new IndicatorQuery { IsPrefix = true, Beginnings = BeginningsOf(said.TrimEnd('*', ' ')), Owner = owner.Length > 0 ? owner + ":" : "" };
        }

        var found = owner.Length == 0 ? Meanings(said, known) : Owned(owner, said);
        return new IndicatorQuery { Exact = [.. found.Select(i => (i.Kind, i.Normalised)).Distinct()], Owner = owner };
    }

    /// <summary>True where an indicator begins as asked.</summary>
    public bool Begins(IndicatorKind kind, string normalised)
    {
        var body = IndicatorPrefix.BodyOf(kind, normalised);
        return normalised.StartsWith(Owner, StringComparison.Ordinal) && Beginnings.Any(b => body.StartsWith(b, StringComparison.Ordinal));
    }

    private static string OwnerOf(string text, List<string> platforms)
    {
        var owner = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? text[..colon].ToLowerInvariant() : "";
        return platforms.Contains(owner) || MoneyAccount.Banks.Contains(owner) || MoneyAccount.Wallets.Contains(owner) ? owner : "";
    }

    private static IEnumerable<Indicator> Owned(string owner, string said) =>
        MoneyAccount.Wallets.Contains(owner) ? [Indicator.OfWallet(owner, said)]
        : MoneyAccount.Banks.Contains(owner) ? [Indicator.OfBankAccount(owner, said)]
        : [Indicator.OfHandle(owner, said)];

    private static IEnumerable<Indicator> Meanings(string said, List<string> platforms)
    {
        foreach (var platform in platforms)
        {
            yield return Indicator.OfHandle(platform, said);
        }

        foreach (var indicator in Indicator.AllOfUrl(said))
        {
            yield return indicator;
        }

        if (EmailAddress.IsWhole(said))
        {
            yield return Indicator.OfEmail(said);
        }

        if (Spelling.Digits(said).Length < PhoneNumber.MinDigits || said.Any(char.IsLetter))
        {
            yield break;
        }

        yield return Indicator.OfPhone(said);
        foreach (var account in MoneyAccount.Banks.Select(bank => Indicator.OfBankAccount(bank, said)).Concat(MoneyAccount.Wallets.Select(wallet => Indicator.OfWallet(wallet, said))))
        {
            yield return account;
        }
    }

    private static IReadOnlyList<string> BeginningsOf(string said)
    {
        var name = Spelling.Fold(said).TrimStart('@', ' ');
        List<string> beginnings = [name, name.Replace(".", "", StringComparison.Ordinal)];
        if (said.Length > 0 && !said.Any(char.IsLetter))
        {
            // "0812", "+62 812" and "62812" begin the same numbers; so may a bank's digits.
            var digits = Spelling.Digits(said);
            beginnings.Add(digits);
            beginnings.Add(digits.StartsWith("62", StringComparison.Ordinal) ? digits[2..].TrimStart('0') : digits.TrimStart('0'));
        }
        else if (said.Contains('.', StringComparison.Ordinal))
        {
            beginnings.Add(WebAddress.Normalise(said));
        }

        return [.. beginnings.Where(b => b.Length >= IndicatorPrefix.MinLength).Distinct()];
    }
}
