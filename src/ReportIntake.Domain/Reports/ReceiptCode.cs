using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ReportIntake.Domain.Reports;

/// <summary>
/// The reporter's secret: 80 random bits as 16 characters of Crockford's base32, and a check character of the same
/// alphabet (ISO/IEC 7064 hybrid system, here MOD 33,32), so that a mistyped code is told from an unknown one.
/// Reading forgives lower case, blanks, hyphens, and O, I, L written for 0 and 1.
/// </summary>
public sealed class ReceiptCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;
    private readonly string characters;

    private ReceiptCode(string characters) => this.characters = characters;

    public static ReceiptCode Create()
    {
        Span<byte> random = stackalloc byte[Length];
        RandomNumberGenerator.Fill(random);
        Span<char> code = stackalloc char[Length + 1];
        for (var i = 0; i < Length; i++)
        {
            code[i] = Alphabet[random[i] & 31];
        }

        code[Length] = CheckCharacter(code[..Length]);
        return new ReceiptCode(new string(code));
    }

    /// <summary>Reads a code as people type it; false for anything that cannot be one, a wrong check character included.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ReceiptCode? code)
    {
        code = null;
        Span<char> read = stackalloc char[Length + 1];
        var count = 0;
        foreach (var typed in text ?? "")
        {
            if (typed is '-' or '–' or '—' or '_' or '.' || char.IsWhiteSpace(typed))
            {
                continue;
            }

            var c = char.ToUpperInvariant(typed) switch { 'O' => '0', 'I' or 'L' => '1', var other => other };
            if (count > Length || !Alphabet.Contains(c, StringComparison.Ordinal))
            {
                return false;
            }

            read[count++] = c;
        }

        if (count != Length + 1 || CheckCharacter(read[..Length]) != read[Length])
        {
            return false;
        }

        code = new ReceiptCode(new string(read));
        return true;
    }

    /// <summary>The 17 characters without hyphens: what is hashed.</summary>
    public string Canonical => characters;

    /// <summary>As shown to the reporter: <c>XXXX-XXXX-XXXX-XXXX-C</c>. Never logged, never in an address.</summary>
    public string Reveal() => $"{characters[..4]}-{characters[4..8]}-{characters[8..12]}-{characters[12..16]}-{characters[16]}";

    /// <summary>Hidden on purpose: a secret must not end in a log by interpolation.</summary>
    public override string ToString() => "(receipt code)";

    private static char CheckCharacter(ReadOnlySpan<char> code)
    {
        const int N = 32;
        var p = N;
        foreach (var c in code)
        {
            var s = (p + Alphabet.IndexOf(c, StringComparison.Ordinal)) % N;
            p = (s == 0 ? N : s) * 2 % (N + 1);
        }

        return Alphabet[(N + 1 - p) % N];
    }
}
