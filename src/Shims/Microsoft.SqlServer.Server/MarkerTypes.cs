// Microsoft.Data.SqlClient loads an assembly of this name with every parameterised command, only to ask
// whether a value is a CLR user-defined type. This product has none, and the package of that name is not
// carried by every feed. A project of the same name takes its place; it can go as soon as the feed in use has it.
#pragma warning disable
namespace Microsoft.SqlServer.Server;

public enum Format { Unknown, Native, UserDefined }

public interface IBinarySerialize
{
    void Read(System.IO.BinaryReader r);
    void Write(System.IO.BinaryWriter w);
}

[System.AttributeUsage(System.AttributeTargets.Class | System.AttributeTargets.Struct)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : System.Attribute
{
    public Format Format { get; } = format;
    public int MaxByteSize { get; set; }
    public bool IsFixedLength { get; set; }
    public bool IsByteOrdered { get; set; }
    public string Name { get; set; }
    public string ValidationMethodName { get; set; }
}

public sealed class InvalidUdtException : System.SystemException;
