using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Features.Administration.HashLists;

public static class HashListErrors
{
    public static readonly Error Empty = new("hash_list_empty", ErrorKind.Invalid, "There is no row in the file.");
    public static readonly Error UnknownFormat = new("hash_list_format_unknown", ErrorKind.UnsupportedMedia, "Send text/csv or application/json.");
}
