using System.Data.Common;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>One element of the Data Protection key ring, where <see cref="KeyRingStore.Database"/> is chosen. Never changed; old ones stay.</summary>
public sealed class KeyRingKey
{
    public const int NameMaxLength = 100;

    /// <summary>The framework's name for it: <c>key-</c> or <c>revocation-</c> and an id.</summary>
    public required string Name { get; init; }

    /// <summary>The key itself in it is encrypted to <see cref="KeyRingOptions.Certificate"/>.</summary>
    public required string Xml { get; init; }
}

/// <summary>
/// The key ring of nodes that share a database and no directory. By plain commands on connections of its own: the ring is
/// asked for while the context's connections are being opened (<see cref="Persistence.Sealing.SealingSecret"/>), and the framework asks synchronously.
/// </summary>
/// <exception cref="DbException">The database is away or not migrated. The framework goes on with the ring it has, if it has one.</exception>
public sealed class KeyRingRows(NewConnection connections) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = connections();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Xml FROM KeyRingKeys";
        using var rows = command.ExecuteReader();
        var elements = new List<XElement>();
        while (rows.Read())
        {
            elements.Add(XElement.Parse(rows.GetString(0)));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = connections();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO KeyRingKeys (Name, Xml) VALUES (@name, @xml)";
        Add(command, "@name", friendlyName);
        Add(command, "@xml", element.ToString(SaveOptions.DisableFormatting));
        command.ExecuteNonQuery();
    }

    private static void Add(DbCommand command, string name, string value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
