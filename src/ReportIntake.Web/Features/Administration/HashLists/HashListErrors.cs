using System.Globalization;
using ReportIntake.Domain;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Recognition;

namespace ReportIntake.Web.Features.Administration.HashLists;

/// <summary>Every refusal of an import. Those of a row name its place in the file (<c>line 3</c>, <c>item 2</c>) as the field.</summary>
public static class HashListErrors
{
    public static readonly Error Empty = new("hash_list_empty", ErrorKind.Invalid, "There is no row in the file.");
    public static readonly Error UnknownFormat = new("hash_list_format_unknown", ErrorKind.UnsupportedMedia, "Send text/csv or application/json.");

    public static FieldError RowInvalid(string place, RowProblem problem) =>
        new(place, "hash_list_row_invalid", $"The row cannot be read: {problem.Name()}.") { Arguments = Argument("row_problem", problem.Name()) };

    /// <param name="digits">As many as a hash of that kind has.</param>
    public static FieldError HashInvalid(string place, HashKind kind, int digits) => new(place, "hash_invalid", $"The {kind.Name()} is not {digits} hexadecimal digits.")
    {
        Arguments = new Dictionary<string, string> { ["kind"] = kind.Name(), ["digits"] = digits.ToString(CultureInfo.InvariantCulture) },
    };

    public static FieldError Unnamed(string place) => new(place, "hash_list_unnamed",
        $"Name, source and meaning ({string.Join(" or ", EnumNames.All<HashListMeaning>())}) of the list are needed, in the row or beside the file.");

    public static FieldError MeaningDiffers(string place, HashListMeaning meaning) =>
        new(place, "hash_list_meaning_differs", $"The list of that name is {meaning.Name()}.") { Arguments = Argument("meaning", meaning.Name()) };

    private static Dictionary<string, string> Argument(string name, string value) => new() { [name] = value };
}

/// <summary>Why a row of an imported file cannot be read.</summary>
public enum RowProblem
{
    FieldsDiffer,
    KindUnknown,
    JsonInvalid,
    ObjectNeeded,
    NoHash,
}
