using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.EntityFrameworkCore.ValueGeneration;

namespace ReportIntake.Web.Persistence.Sealing;

/// <summary>
/// Says in the model which columns are sealed. <c>.Sealed()</c> on a property of type text or bytes, or of one that has a
/// conversion to them, is all; a test fails for a column of text that has not decided.
/// </summary>
/// <remarks>
/// A sealed column holds other bytes each time: nothing can be compared with it, sorted by it or searched in it. What must
/// be found by equality gets a <see cref="HasLookup{T}"/>. Table and column are part of each value: to rename one, its
/// values must be sealed anew.
/// </remarks>
public static class SealedColumns
{
    private const string Mark = "ReportIntake:Sealed";
    private const string LookupMark = "ReportIntake:LookupOf";

    /// <summary>Sealed at rest. The limit of length stays the validators': the column's own would be of sealed bytes.</summary>
    public static PropertyBuilder<T> Sealed<T>(this PropertyBuilder<T> property) => property.HasAnnotation(Mark, true);

    /// <inheritdoc cref="Sealed{T}(PropertyBuilder{T})"/>
    public static ComplexTypePropertyBuilder<T> Sealed<T>(this ComplexTypePropertyBuilder<T> property) => property.HasAnnotation(Mark, true);

    public static bool IsSealed(this IReadOnlyProperty property) => property.FindAnnotation(Mark) is not null;

    public static bool IsLookup(this IReadOnlyProperty property) => property.FindAnnotation(LookupMark) is not null;

    /// <summary>
    /// A column <paramref name="name"/> beside the sealed text <paramref name="source"/>, to find it by:
    /// <c>EF.Property&lt;byte[]&gt;(row, name) == database.LookupKey(name, text)</c>. Computed when the row is added; the text may not change after that.
    /// </summary>
    public static PropertyBuilder<byte[]> HasLookup<T>(this EntityTypeBuilder<T> builder, string name, string source)
        where T : class
    {
        builder.Property(source).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Throw);
        return builder.Property<byte[]>(name).IsRequired().HasMaxLength(ColumnSealer.LookupSize)
            .HasAnnotation(LookupMark, source).HasValueGenerator((_, _) => new LookupGenerator(name, source));
    }

    /// <summary>Gives every marked column its conversion. Last of all, when tables, columns and other conversions are known.</summary>
    internal static void SealMarked(this ModelBuilder builder, ColumnSealer sealer)
    {
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(Properties).Where(p => p.IsSealed()))
        {
            var table = property.DeclaringType.ContainingEntityType.GetTableName();
            var cipher = sealer.Column($"{table}.{property.GetColumnName()}");
            property.SetMaxLength(null);
            property.SetValueConverter(Conversion(property, cipher));
            if (property.ClrType == typeof(byte[]))
            {
                // With a conversion Entity Framework no longer takes bytes for a value, and would compare the arrays' identities.
                property.SetValueComparer(new ArrayStructuralComparer<byte>());
            }
        }
    }

    /// <summary>All properties, those of complex members too.</summary>
    internal static IEnumerable<IMutableProperty> Properties(IMutableTypeBase type) =>
        type.GetDeclaredProperties().Concat(type.GetDeclaredComplexProperties().SelectMany(c => Properties(c.ComplexType)));

    private static ValueConverter Conversion(IMutableProperty property, ColumnSealer.ColumnCipher cipher)
    {
        var inner = property.GetValueConverter();
        return (inner?.ProviderClrType ?? property.ClrType) switch
        {
            var type when type == typeof(string) => inner is null ? new SealedText(cipher) : inner.ComposeWith(new SealedText(cipher)),
            var type when type == typeof(byte[]) && inner is null => new SealedBytes(cipher),
            var type => throw new InvalidOperationException($"{property.DeclaringType.DisplayName()}.{property.Name} of {type.Name} cannot be sealed: give it a conversion to text."),
        };
    }

    private sealed class SealedText(ColumnSealer.ColumnCipher cipher) : ValueConverter<string, byte[]>(
        text => cipher.SealText(text), value => cipher.OpenText(value));

    private sealed class SealedBytes(ColumnSealer.ColumnCipher cipher) : ValueConverter<byte[], byte[]>(
        bytes => cipher.Seal(bytes), value => cipher.Open(value));

    private sealed class LookupGenerator(string name, string source) : ValueGenerator<byte[]>
    {
        public override bool GeneratesTemporaryValues => false;

        public override byte[] Next(EntityEntry entry) =>
            ((ReportIntakeDbContext)entry.Context).LookupKey(name, (string)entry.Property(source).CurrentValue!);
    }
}
