using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Linking;

/// <summary>The words that a text is found by, folded as triage folds them: a search meets "b.o" and "0pen" too.</summary>
public static class SearchTerms
{
    /// <summary>Different words of one report that are kept; the longest description has some 1,500 in all.</summary>
    public const int MaxPerReport = 600;

    /// <summary>Words of one search. All of them must be there.</summary>
    public const int MaxPerSearch = 10;

    /// <summary>Indonesian and English words that stand in nearly every text.</summary>
    private static readonly HashSet<string> StopWords = Folded(
        """
        yang dan di ke dari ini itu untuk dengan pada adalah ada saya aku kami kita dia ia mereka anda kamu nya akan sudah telah belum tidak tak bukan juga atau karena jika kalau bila
        oleh dalam sebagai bisa dapat lagi agar supaya tapi tetapi namun saat ketika sejak sampai hingga seperti lebih sangat hanya saja masih pernah sedang para sebuah suatu secara
        yg dgn utk dr tdk sdh blm sy gak ga nggak dong sih kok nih tuh mohon tolong
        the and of to in is it that this for on with as was are be have has had not but or by from at an he she they we you i me my his her their our your will would can could if so do does did
        """);

    public static IReadOnlySet<string> Of(IEnumerable<string> texts)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in texts.SelectMany(FoldedText.Of))
        {
            if (terms.Count >= MaxPerReport)
            {
                break;
            }

            Add(terms, word.Text);
            Add(terms, word.Stem);
        }

        return terms;
    }

    /// <summary>What a search asks for; empty where there is nothing in it but stop words.</summary>
    public static IReadOnlyList<string> OfSearch(string text) =>
        [.. FoldedText.Of(text).Select(w => w.Text).Where(w => !StopWords.Contains(w)).Distinct().Take(MaxPerSearch)];

    private static void Add(HashSet<string> terms, string? word)
    {
        if (word is not null && !StopWords.Contains(word))
        {
            terms.Add(word);
        }
    }

    private static HashSet<string> Folded(string words) => [.. FoldedText.Of(words).Select(w => w.Text)];
}
