using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>A member that was written.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of its content.</param>
internal sealed record ZipMember(string Path, long Size, byte[] Sha256);

/// <summary>
/// Writes a zip archive forwards and asynchronously, straight into a response: members are stored, their checksum follows
/// them, and nothing is kept but the directory. The framework's own writer puts that checksum out synchronously, which the
/// server refuses (.NET 10).
/// </summary>
/// <remarks>
/// APPNOTE 6.3.10, the plainest form: names in ASCII, no comments, no extra fields but Zip64's where a size or an offset
/// needs it, one time for all members. So each byte outside the contents has one value that it may have, which
/// <c>deploy/verify-package.sh</c> checks.
/// </remarks>
internal sealed class ZipWriter(Stream output, string root)
{
    private const ushort Classic = 20, Zip64 = 45, Deferred = 0x0008, Zip64Extra = 0x0001, Unix = 3 << 8;
    private const ushort NoTime = 0, FirstDay = 0x0021; // 1980-01-01, the first that zip knows
    private const uint RegularFile = 0x81A40000; // -rw-r--r--

    private readonly List<Entry> entries = [];
    private long offset;

    private sealed record Entry(byte[] Name, uint Crc, long Size, long Offset, bool Large);

    public Task<ZipMember> AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        AddAsync(path, One(content), content.Length, cancellationToken);

    /// <summary>Writes a member as its parts come. Each part may be overwritten once the next one is asked for.</summary>
    /// <param name="path">Below the archive's one directory; ASCII.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="sizeAtMost">Bytes it will have, or a bound of them: from 4 GiB on it takes the long form.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ZipMember> AddAsync(string path, IAsyncEnumerable<ReadOnlyMemory<byte>> content, long sizeAtMost, CancellationToken cancellationToken)
    {
        var (name, start, large) = (Encoding.ASCII.GetBytes(root + path), offset, sizeAtMost >= uint.MaxValue);
        await WriteAsync(LocalHeader(name, large), cancellationToken);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (crc, size) = (0u, 0L);
        await foreach (var part in content.WithCancellation(cancellationToken))
        {
            sha256.AppendData(part.Span);
            crc = Crc32.Append(crc, part.Span);
            size += part.Length;
            await WriteAsync(part, cancellationToken);
        }

        if (size > sizeAtMost)
        {
            throw new InvalidOperationException($"{path} is longer than it was said to be.");
        }

        var entry = new Entry(name, crc, size, start, large);
        await WriteAsync(Descriptor(entry), cancellationToken);
        entries.Add(entry);
        return new ZipMember(path, size, sha256.GetHashAndReset());
    }

    /// <summary>Writes the directory, without which it is no archive.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        var start = offset;
        foreach (var entry in entries)
        {
            await WriteAsync(DirectoryEntry(entry), cancellationToken);
        }

        await WriteAsync(End(start, offset - start), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await output.WriteAsync(bytes, cancellationToken);
        offset += bytes.Length;
    }

    private static byte[] LocalHeader(byte[] name, bool large)
    {
        var header = new Record(0x04034b50).Add16(large ? Zip64 : Classic).Add16(Deferred).Add16(0).Add16(NoTime).Add16(FirstDay).Add32(0);
        header.Add32(large ? uint.MaxValue : 0).Add32(large ? uint.MaxValue : 0).Add16((ushort)name.Length).Add16((ushort)(large ? 20 : 0)).Add(name);
        return (large ? header.Add16(Zip64Extra).Add16(16).Add64(0).Add64(0) : header).ToArray();
    }

    private static byte[] Descriptor(Entry entry)
    {
        var record = new Record(0x08074b50).Add32(entry.Crc);
        return (entry.Large ? record.Add64(entry.Size).Add64(entry.Size) : record.Add32((uint)entry.Size).Add32((uint)entry.Size)).ToArray();
    }

    private static byte[] DirectoryEntry(Entry entry)
    {
        var far = entry.Offset >= uint.MaxValue;
        var version = entry.Large || far ? Zip64 : Classic;
        var size = entry.Large ? uint.MaxValue : (uint)entry.Size;
        var extra = (entry.Large ? 16 : 0) + (far ? 8 : 0);
        var record = new Record(0x02014b50).Add16((ushort)(Unix | version)).Add16(version).Add16(Deferred).Add16(0).Add16(NoTime).Add16(FirstDay);
        record.Add32(entry.Crc).Add32(size).Add32(size).Add16((ushort)entry.Name.Length).Add16((ushort)(extra == 0 ? 0 : extra + 4));
        record.Add16(0).Add16(0).Add16(0).Add32(RegularFile).Add32(far ? uint.MaxValue : (uint)entry.Offset).Add(entry.Name);
        if (extra > 0)
        {
            record.Add16(Zip64Extra).Add16((ushort)extra);
        }

        if (entry.Large)
        {
            record.Add64(entry.Size).Add64(entry.Size);
        }

        return (far ? record.Add64(entry.Offset) : record).ToArray();
    }

    private byte[] End(long start, long length)
    {
        var record = new Record();
        var (count, large) = (entries.Count, start >= uint.MaxValue);
        if (large)
        {
            record.Add32(0x06064b50).Add64(44).Add16(Unix | Zip64).Add16(Zip64).Add32(0).Add32(0).Add64(count).Add64(count).Add64(length).Add64(start);
            record.Add32(0x07064b50).Add32(0).Add64(start + length).Add32(1);
        }

        record.Add32(0x06054b50).Add16(0).Add16(0).Add16((ushort)count).Add16((ushort)count).Add32((uint)length);
        return record.Add32(large ? uint.MaxValue : (uint)start).Add16(0).ToArray();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> One(ReadOnlyMemory<byte> content)
    {
        await Task.CompletedTask;
        yield return content;
    }

    /// <summary>Little-endian numbers, one after the other.</summary>
    private sealed class Record()
    {
        private readonly List<byte> bytes = [];

        public Record(uint signature) : this() => Add32(signature);

        public Record Add(ReadOnlySpan<byte> more)
        {
            bytes.AddRange(more);
            return this;
        }

        public Record Add16(ushort value) => Add([(byte)value, (byte)(value >> 8)]);

        public Record Add32(uint value)
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
            return Add(number);
        }

        public Record Add64(long value)
        {
            Span<byte> number = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            return Add(number);
        }

        public byte[] ToArray() => [.. bytes];
    }
}
