using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ReportIntake.Testing;
using ReportIntake.Web.Features.Police.HandOver;

namespace ReportIntake.Web.Tests.Police.HandOver;

public sealed class ZipWriterTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("reportintake-zip-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Archive_ShortAndLongForm_IsReadByUnzipAndTheFramework(bool large)
    {
        var (first, second) = (RandomNumberGenerator.GetBytes(100_000), Encoding.UTF8.GetBytes("text"));
        var output = new MemoryStream();
        var zip = new ZipWriter(output, "bag/");
        var member = await zip.AddAsync("data/a.bin", Parts(first, 999), large ? uint.MaxValue : first.Length, CancellationToken.None);
        await zip.AddAsync("b.txt", second, CancellationToken.None);
        await zip.FinishAsync(CancellationToken.None);

        Assert.Equal((first.Length, Convert.ToHexString(SHA256.HashData(first))), (member.Size, Convert.ToHexString(member.Sha256)));
        var file = Path.Combine(folder.FullName, "a.zip");
        await File.WriteAllBytesAsync(file, output.ToArray());
        await Media.RunAsync("unzip", "-tqq", file);
        using var read = new ZipArchive(new MemoryStream(output.ToArray()));
        Assert.Equal(["bag/data/a.bin", "bag/b.txt"], read.Entries.Select(e => e.FullName));
        var copy = new MemoryStream();
        await (await read.Entries[0].OpenAsync()).CopyToAsync(copy);
        Assert.Equal(first, copy.ToArray());
    }

    /// <summary>What keeps memory flat however large a file is: nothing waits in the writer.</summary>
    [Fact]
    public async Task AddAsync_EachPart_IsOutBeforeTheNextIsAskedFor()
    {
        var output = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var lag = 0L;

        await new ZipWriter(output, "bag/").AddAsync("a", Reused(), 1000L * buffer.Length, CancellationToken.None);

        Assert.Equal("bag/a".Length + 30, lag);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Reused()
        {
            for (var i = 0; i < 1000; i++)
            {
                lag = output.Length - ((long)i * buffer.Length);
                buffer[0] = (byte)i;
                yield return buffer;
                await Task.CompletedTask;
            }
        }
    }

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownValues_AreThose(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);

        Assert.Equal(expected, Crc32.Append(0, bytes));
        Assert.Equal(expected, bytes.Aggregate(0u, (crc, b) => Crc32.Append(crc, [b])));
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Parts(byte[] content, int size)
    {
        for (var at = 0; at < content.Length; at += size)
        {
            await Task.Yield();
            yield return content.AsMemory(at, Math.Min(size, content.Length - at));
        }
    }
}
