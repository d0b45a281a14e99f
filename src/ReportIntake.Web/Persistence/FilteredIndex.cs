using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ReportIntake.Web.Persistence;

public static class FilteredIndex
{
    /// <summary>
    /// Leaves rows out of the index whose last column has no value: nobody looks for those by it, and most rows have none
    /// when they are made, so that they need not be written there. A query that compares the column is served by it:
    /// https://www.sqlite.org/partialindex.html, section 3.
    /// </summary>
    public static IndexBuilder<T> OfThoseThatHaveIt<T>(this IndexBuilder<T> index) => index.HasFilter($"{index.Metadata.Properties[^1].Name} IS NOT NULL");
}
