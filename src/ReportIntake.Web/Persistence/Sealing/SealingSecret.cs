using System.Data.Common;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Persistence.Sealing;

/// <summary>
/// Gives the <see cref="ColumnSealer"/> its secret with the first connection that is opened, so that server, verbs and jobs
/// all have it before their first value, and nobody has to remember to ask. Where there is none yet it is made: whoever
/// commits first wins, as with all <see cref="Secrets"/>. It goes by plain commands, because the context itself needs the secret.
/// </summary>
public sealed class SealingSecret(ColumnSealer sealer, IDataProtectionProvider protection) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Load(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Load(connection); // one read by primary key, once in a process
        return Task.CompletedTask;
    }

    private void Load(DbConnection connection)
    {
        if (sealer.HasSecret)
        {
            return;
        }

        try
        {
            if ((Read(connection) ?? Make(connection)) is { } stored)
            {
                sealer.Use(() => Secrets.Protector(protection, ColumnSealer.SecretName).Unprotect(stored));
            }
        }
        catch (DbException)
        {
            // Not migrated yet, or out of order: the statement that the connection was opened for tells what is wrong.
        }
    }

    private static byte[]? Read(DbConnection connection)
    {
        using var command = Command(connection, "SELECT Protected FROM Secrets WHERE Name = @name");
        return command.ExecuteScalar() as byte[];
    }

    private byte[]? Make(DbConnection connection)
    {
        using var command = Command(connection, "INSERT INTO Secrets (Name, Protected) VALUES (@name, @protected)");
        Add(command, "@protected", Secrets.Protector(protection, ColumnSealer.SecretName).Protect(RandomNumberGenerator.GetBytes(ColumnSealer.SecretSize)));
        try
        {
            command.ExecuteNonQuery();
        }
        catch (DbException)
        {
            // Another process was first, or this connection only reads: the next line tells which.
        }

        return Read(connection);
    }

    private static DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        Add(command, "@name", ColumnSealer.SecretName);
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}

/// <summary>The conversions of a model hold their sealer: hosts with different keys in one process do not share a model.</summary>
public sealed class ModelOfSealer : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) => (context.GetType(), ((ReportIntakeDbContext)context).Sealer, designTime);
}
