using System.Buffers.Binary;
using System.Buffers.Text;

namespace ReportIntake.Web.Features.Moderation.ReviewQueue;

/// <summary>Where a page ends: the keys of the order. It opens nothing, so it is not sealed.</summary>
internal readonly record struct QueuePlace(int Rank, DateTimeOffset DueAt, Guid Id)
{
    private const int Size = 4 + 8 + 16;

    public static QueuePlace Of(QueueItem item) => new(((int)item.EffectiveTier * 2) + (item.Returned ? 0 : 1), item.DueAt, item.Id);

    public string Write()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Rank);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], DueAt.UtcTicks);
        Id.TryWriteBytes(bytes[12..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null where it is not one that <see cref="Write"/> made.</summary>
    public static QueuePlace? Read(string? cursor)
    {
        Span<byte> bytes = stackalloc byte[Size];

        // Asked first: TryDecodeFromChars throws at characters that are not of its alphabet.
        if (!Base64Url.IsValid(cursor, out var length) || length != Size || !Base64Url.TryDecodeFromChars(cursor, bytes, out _))
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[4..]);
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks
            ? null
            : new QueuePlace(BinaryPrimitives.ReadInt32BigEndian(bytes), new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[12..]));
    }
}
