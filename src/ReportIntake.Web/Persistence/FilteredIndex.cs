using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ReportIntake.Web.Persistence;

public static class FilteredIndex
{
    /// <summary>
    /// Leaves rows out of the index whose last column has no value: nobody looks for those by it, and a new report, which has
    /// none of these values yet, need not be written there. Comparing the column is enough for both databases to take the index.
    /// </summary>
    public static IndexBuilder<T> OfThoseThatHaveIt<T>(this IndexBuilder<T> index) => index.HasFilter($"{index.Metadata.Properties[^1].Name} IS NOT NULL");
}
