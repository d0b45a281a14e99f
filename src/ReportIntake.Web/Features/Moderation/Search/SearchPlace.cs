using System.Buffers.Binary;
using System.Buffers.Text;

namespace ReportIntake.Web.Features.Moderation.Search;

/// <summary>Where a page of findings ends: a number that falls from page to page, and the row that has it. It opens nothing, so it is not sealed.</summary>
/// <param name="Number">Ticks of a time, or a text's number.</param>
internal readonly record struct SearchPlace(long Number, Guid Id)
{
    private const int Size = 8 + 16;

    /// <summary><see cref="Number"/> as a time.</summary>
    public DateTimeOffset At => new(Math.Clamp(Number, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);

    public string Write()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Number);
        Id.TryWriteBytes(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null where it is not one that <see cref="Write"/> made.</summary>
    public static SearchPlace? Read(string? cursor)
    {
        Span<byte> bytes = stackalloc byte[Size];

        // Asked first: TryDecodeFromChars throws at characters that are not of its alphabet.
        return Base64Url.IsValid(cursor, out var length) && length == Size && Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            ? new SearchPlace(BinaryPrimitives.ReadInt64BigEndian(bytes), new Guid(bytes[8..]))
            : null;
    }
}
