using System.Globalization;

namespace ReportIntake.Domain.Triage;

/// <summary>
/// Terms in groups, found in texts in one pass, whole words only. All languages are always searched: people mix them,
/// and a language that is not given must not hide a danger. In a term, <c>#</c> stands for each age from 1 to the
/// highest age of a minor and <c>##</c> for those from 10.
/// </summary>
internal sealed class Lexicon
{
    private readonly Dictionary<string, List<Term>> termsByFirstWord = [];

    /// <param name="groups">Terms by group.</param>
    /// <param name="minorAgeTo">Highest age of a minor, in years.</param>
    public Lexicon(IEnumerable<KeyValuePair<string, IEnumerable<string>>> groups, int minorAgeTo)
    {
        foreach (var (group, terms) in groups)
        {
            foreach (var text in terms.SelectMany(t => WithAges(t, minorAgeTo)))
            {
                var words = FoldedText.Of(text).Select(w => w.Text).ToArray();
                if (words.Length == 0)
                {
                    throw new InvalidDataException($"lexicon group '{group}' has a term without letters");
                }

                if (!termsByFirstWord.TryGetValue(words[0], out var sameStart))
                {
                    termsByFirstWord[words[0]] = sameStart = [];
                }

                sameStart.Add(new Term(group, text, words));
            }
        }
    }

    /// <summary>The terms found, by group, in ordinal order and in the lexicon's own spelling.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Find(IEnumerable<string> texts)
    {
        var found = new Dictionary<string, SortedSet<string>>();
        foreach (var text in texts)
        {
            var words = FoldedText.Of(text);
            for (var i = 0; i < words.Count; i++)
            {
                FindAt(words, i, words[i].Text, found);
                if (words[i].Stem is { } stem && stem != words[i].Text)
                {
                    FindAt(words, i, stem, found);
                }
            }
        }

        return found;
    }

    private void FindAt(IReadOnlyList<FoldedWord> words, int start, string firstWord, Dictionary<string, SortedSet<string>> found)
    {
        foreach (var term in termsByFirstWord.GetValueOrDefault(firstWord, []))
        {
            if (!term.Follows(words, start))
            {
                continue;
            }

            if (!found.TryGetValue(term.Group, out var terms))
            {
                found[term.Group] = terms = new SortedSet<string>(StringComparer.Ordinal);
            }

            terms.Add(term.Text);
        }
    }

    private static IEnumerable<string> WithAges(string term, int to)
    {
        var (placeholder, from) = term.Contains("##", StringComparison.Ordinal) ? ("##", 10) : ("#", 1);
        return term.Contains(placeholder, StringComparison.Ordinal)
            ? Enumerable.Range(from, Math.Max(0, to - from + 1))
                .Select(age => term.Replace(placeholder, age.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            : [term];
    }

    private sealed record Term(string Group, string Text, string[] Words)
    {
        /// <summary>Whether the rest of the term stands behind its first word.</summary>
        public bool Follows(IReadOnlyList<FoldedWord> words, int start)
        {
            if (start + Words.Length > words.Count)
            {
                return false;
            }

            for (var i = 1; i < Words.Length; i++)
            {
                if (!words[start + i].Is(Words[i]))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
