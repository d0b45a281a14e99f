using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>
/// Refuses what is tried first (NIST SP 800-63B, 5.1.1.2): a password known from breaches or a single word or name, English
/// or Indonesian (<see cref="BreachedPasswords"/>), alone, repeated, or with figures and signs around it; the same of
/// <c>common-passwords.txt</c>, also several in a row; too few different characters; the person's own address. No rules of
/// composition, and no question to anybody else's server.
/// </summary>
public sealed class CommonPasswords : IPasswordValidator<StaffMember>
{
    private const int FewestCharacters = 5;
    private static readonly FrozenSet<string> Words = Load();

    public Task<IdentityResult> ValidateAsync(UserManager<StaffMember> manager, StaffMember user, string? password) =>
        Task.FromResult(IsCommon(password ?? "", user.Email) ? IdentityResult.Failed(new IdentityError { Code = "PasswordTooCommon" }) : IdentityResult.Success);

    public static bool IsCommon(string password, string? email)
    {
        var lower = password.ToLowerInvariant();
        if (lower.Distinct().Count() < FewestCharacters)
        {
            return true;
        }

        var name = email?.Split('@')[0].ToLowerInvariant();
        if (name is { Length: > 3 } && lower.Contains(name, StringComparison.Ordinal))
        {
            return true;
        }

        // "P@ssw0rd" is "password" to everybody who guesses. Trimmed first: the figures behind a word are not letters of it.
        var trimmed = TrimToLetters(lower);
        var plain = trimmed.Replace('@', 'a').Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('4', 'a').Replace('5', 's').Replace('$', 's');
        return new[] { lower, trimmed, plain }.Any(text => IsWord(text) || BreachedPasswords.Contains(text) || BreachedPasswords.Contains(TrimToLetters(Once(text))));
    }

    private static bool IsWord(string text) => text.Length > 0 && (Words.Contains(text) || IsMadeOfWords(text));

    /// <summary>Two common words in a row, or one repeated, are as common.</summary>
    private static bool IsMadeOfWords(string text)
    {
        for (var i = 3; i <= text.Length - 3; i++)
        {
            if (Words.Contains(text[..i]) && (Words.Contains(text[i..]) || IsMadeOfWords(text[i..])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of a text that is one piece several times over, that piece; else the text.</summary>
    private static string Once(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && text[length..] == text[..^length])
            {
                return text[..length];
            }
        }

        return text;
    }

    private static string TrimToLetters(string text)
    {
        var start = 0;
        while (start < text.Length && !char.IsLetter(text[start]))
        {
            start++;
        }

        var end = text.Length;
        while (end > start && !char.IsLetter(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(l => !l.StartsWith('#')).ToFrozenSet(StringComparer.Ordinal);
    }
}
