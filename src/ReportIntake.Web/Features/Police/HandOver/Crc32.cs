using System.Buffers.Binary;

namespace ReportIntake.Web.Features.Police.HandOver;

/// <summary>CRC-32 of zip (ISO 3309), eight bytes at a time: the framework's own is in a package of its own.</summary>
internal static class Crc32
{
    private const int Slices = 8;

    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Continues a checksum; the first time from 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        var t = Tables;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[7][(byte)low] ^ t[6][(byte)(low >> 8)] ^ t[5][(byte)(low >> 16)] ^ t[4][low >> 24]
                ^ t[3][(byte)high] ^ t[2][(byte)(high >> 8)] ^ t[1][(byte)(high >> 16)] ^ t[0][high >> 24];
        }

        foreach (var b in data)
        {
            crc = (crc >> 8) ^ t[0][(byte)(crc ^ b)];
        }

        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++)
        {
            tables[slice] = new uint[256];
            for (var i = 0; i < 256; i++)
            {
                var crc = slice == 0 ? (uint)i : tables[slice - 1][i];
                for (var bit = 0; slice == 0 && bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
                }

                tables[slice][i] = slice == 0 ? crc : (crc >> 8) ^ tables[0][(byte)crc];
            }
        }

        return tables;
    }
}
