using System.Data.Common;
using System.Xml.Linq;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>One element of the Data Protection key ring, where <see cref="KeyRingStore.Database"/> is chosen. Old ones stay.</summary>
public sealed class KeyRingKey
{
    public const int NameMaxLength = 100;

    /// <summary>The framework's name for it: <c>key-</c> or <c>revocation-</c> and an id.</summary>
    public required string Name { get; init; }

    /// <summary>The key itself in it is encrypted to <see cref="KeyRingOptions.Certificate"/>, and written anew only when that changes.</summary>
    public required string Xml { get; init; }
}

/// <summary>
/// The key ring of nodes that share a database and no directory. By plain commands on connections of its own: the ring is
/// asked for while the context's connections are being opened (<see cref="Persistence.Sealing.SealingSecret"/>), and the framework asks synchronously.
/// </summary>
/// <exception cref="DbException">The database is away or not migrated. The framework goes on with the ring it has, if it has one.</exception>
public sealed class KeyRingRows(NewConnection connections) : IKeyRingPlace
{
    public IReadOnlyList<(string Name, XElement Element)> Read()
    {
        using var connection = connections();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Name, Xml FROM KeyRingKeys ORDER BY Name";
        using var rows = command.ExecuteReader();
        var elements = new List<(string, XElement)>();
        while (rows.Read())
        {
            elements.Add((rows.GetString(0), XElement.Parse(rows.GetString(1))));
        }

        return elements;
    }

    public bool Add(string name, XElement element) =>
        Write("INSERT INTO KeyRingKeys (Name, Xml) SELECT @name, @xml WHERE NOT EXISTS (SELECT 1 FROM KeyRingKeys WHERE Name = @name)", name, element) == 1;

    public void Replace(string name, XElement element) => Write("UPDATE KeyRingKeys SET Xml = @xml WHERE Name = @name", name, element);

    private int Write(string text, string name, XElement element)
    {
        using var connection = connections();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        Add(command, "@name", name);
        Add(command, "@xml", element.ToString(SaveOptions.DisableFormatting));
        return command.ExecuteNonQuery();
    }

    private static void Add(DbCommand command, string name, string value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
