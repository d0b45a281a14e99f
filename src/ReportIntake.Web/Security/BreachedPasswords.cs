using System.Security.Cryptography;
using System.Text;

namespace ReportIntake.Web.Security;

/// <summary>
/// Some hundred thousand passwords from breaches, words and names (the MIT lists of the npm packages @zxcvbn-ts), as the
/// build leaves them: the first 8 bytes of each one's SHA-256, sorted. Searched where the program's file lies in memory.
/// </summary>
public static class BreachedPasswords
{
    private const int HashLength = 8;

    /// <param name="text">In lower case.</param>
    public static bool Contains(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes], found = stackalloc byte[HashLength];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        using var list = typeof(BreachedPasswords).Assembly.GetManifestResourceStream("breached-passwords.bin")!;
        var (low, high) = (0L, list.Length / HashLength);
        while (low < high)
        {
            var middle = (low + high) / 2;
            list.Position = middle * HashLength;
            list.ReadExactly(found);
            switch (found.SequenceCompareTo(hash[..HashLength]))
            {
                case 0: return true;
                case < 0: low = middle + 1; break;
                default: high = middle; break;
            }
        }

        return false;
    }
}
