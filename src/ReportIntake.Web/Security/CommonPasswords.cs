using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace ReportIntake.Web.Security;

/// <summary>
/// Refuses what is tried first (NIST SP 800-63B, 5.1.1.2): a word of <c>common-passwords.txt</c>, alone, repeated, or with
/// figures and signs around it; too few different characters; the person's own address. No rules of composition.
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
        return IsWord(lower) || IsWord(trimmed) || IsWord(plain);
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
