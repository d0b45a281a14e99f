using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Linking;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Writes reports with their parts as the model keeps them, by one prepared statement for each table. The context tracks
/// each for a moment, because only it knows shadow properties and generated values; it is never asked to save.
/// </summary>
internal sealed class SeedRows(ReportIntakeDbContext database, SqliteConnection connection, SqliteTransaction transaction) : IDisposable
{
    private readonly Dictionary<IEntityType, Insert> inserts = [];

    /// <param name="number">Its place among the texts.</param>
    public void Write(Report report, long number)
    {
        database.ChangeTracker.AutoDetectChangesEnabled = false;
        database.Add(report);
        database.Add(new ReportText { ReportId = report.Id });
        foreach (var entry in database.ChangeTracker.Entries().OrderBy(e => e.Entity is Report ? 0 : 1))
        {
            InsertOf(entry.Metadata).Write(entry, number);
        }

        database.ChangeTracker.Clear();
    }

    public void Dispose()
    {
        foreach (var insert in inserts.Values)
        {
            insert.Dispose();
        }
    }

    private Insert InsertOf(IEntityType type)
    {
        if (!inserts.TryGetValue(type, out var insert))
        {
            inserts[type] = insert = new Insert(type, connection, transaction);
        }

        return insert;
    }

    private sealed class Insert : IDisposable
    {
        private readonly SqliteCommand command;
        private readonly List<(IProperty Property, Func<object?, object?> Convert, SqliteParameter Parameter)> columns = [];

        public Insert(IEntityType type, SqliteConnection connection, SqliteTransaction transaction)
        {
            command = connection.CreateCommand();
            command.Transaction = transaction;
            foreach (var property in Properties(type))
            {
                var mapping = property.GetRelationalTypeMapping();
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"@p{columns.Count}";
                command.Parameters.Add(parameter);
                columns.Add((property, mapping.Converter is { } converter ? converter.ConvertToProvider : value => value, parameter));
            }

            command.CommandText = $"INSERT INTO \"{type.GetTableName()}\" ({string.Join(", ", columns.Select(c => $"\"{c.Property.GetTableColumnMappings().First().Column.Name}\""))}) VALUES ({string.Join(", ", columns.Select(c => c.Parameter.ParameterName))})";
        }

        public void Write(EntityEntry entry, long number)
        {
            foreach (var (property, convert, parameter) in columns)
            {
                var value = property is { Name: nameof(ReportText.Id), DeclaringType: IEntityType { ClrType: var type } } && type == typeof(ReportText) ? number : Value(entry, property);
                parameter.Value = convert(value) switch
                {
                    null => DBNull.Value,
                    Guid id => id.ToString().ToUpperInvariant(), // as the provider writes them
                    Enum code => Convert.ToInt64(code, System.Globalization.CultureInfo.InvariantCulture),
                    var kept => kept,
                };
            }

            command.ExecuteNonQuery();
        }

        public void Dispose() => command.Dispose();

        private static object? Value(EntityEntry entry, IProperty property)
        {
            if (property.DeclaringType is not IComplexType complex)
            {
                return entry.Property(property.Name).CurrentValue;
            }

            return entry.ComplexProperty(complex.ComplexProperty.Name).Property(property.Name).CurrentValue;
        }

        private static IEnumerable<IProperty> Properties(ITypeBase type) =>
            type.GetProperties().Concat(type.GetComplexProperties().SelectMany(c => Properties(c.ComplexType)));
    }
}
