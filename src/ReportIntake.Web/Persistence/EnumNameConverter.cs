using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using ReportIntake.Domain;

namespace ReportIntake.Web.Persistence;

/// <summary>Enums are stored under the names that JSON and the ledger give them.</summary>
public sealed class EnumNameConverter<T>() : ValueConverter<T, string>(v => v.Name(), s => EnumNames.Parse<T>(s))
    where T : struct, Enum;
