using System.Security.Cryptography;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>Whatever is changed in the files of a complete blob is noticed before a wrong byte is given out.</summary>
public sealed class TamperingTests : IDisposable
{
    private const int Segment = SealedBlobFormat.SegmentSize;

    private readonly StoreFixture fixture = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Read_AnyByteFlipped_IsNoticed(int size)
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, RandomNumberGenerator.GetBytes(size));
        var path = fixture.Files(key).Complete;
        var bytes = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            await File.WriteAllBytesAsync(path, bytes);

            await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(key));
            bytes[at] ^= 0x10;
        }
    }

    [Fact]
    public async Task Read_ByteFlippedInALongBlob_GivesOutOnlyWhatStandsBefore()
    {
        var content = RandomNumberGenerator.GetBytes((9 * Segment) + 17);
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, content);
        var random = new Random(5);
        for (var i = 0; i < 40; i++)
        {
            var path = fixture.Files(key).Complete;
            var bytes = await File.ReadAllBytesAsync(path);
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(path, bytes);

            await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(key));
            bytes[at] ^= 0xff;
            await fixture.Store.WriteAsync(key, new MemoryStream(content), default);
        }
    }

    [Fact]
    public async Task Read_CutAtASegmentBoundary_IsNoticed()
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, RandomNumberGenerator.GetBytes((4 * Segment) + 1));
        var path = fixture.Files(key).Complete;
        for (var segments = 4; segments >= 0; segments--)
        {
            await using (var file = File.OpenWrite(path))
            {
                file.SetLength(SealedBlobFormat.OffsetOf(segments));
            }

            await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(key));
        }
    }

    [Fact]
    public async Task Read_TwoSegmentsExchanged_IsNoticed()
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, RandomNumberGenerator.GetBytes(4 * Segment));
        var path = fixture.Files(key).Complete;
        var bytes = await File.ReadAllBytesAsync(path);
        var (one, two) = (bytes[(int)SealedBlobFormat.OffsetOf(1)..(int)SealedBlobFormat.OffsetOf(2)], bytes[(int)SealedBlobFormat.OffsetOf(2)..(int)SealedBlobFormat.OffsetOf(3)]);
        two.CopyTo(bytes, (int)SealedBlobFormat.OffsetOf(1));
        one.CopyTo(bytes, (int)SealedBlobFormat.OffsetOf(2));
        await File.WriteAllBytesAsync(path, bytes);

        await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(key));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_ContentsOfTwoBlobsExchanged_IsNoticed(bool headersToo)
    {
        var (a, b) = (StoreFixture.NewKey(), StoreFixture.NewKey());
        await fixture.PutAsync(a, RandomNumberGenerator.GetBytes(5000));
        await fixture.PutAsync(b, RandomNumberGenerator.GetBytes(5000));
        var first = await File.ReadAllBytesAsync(fixture.Files(a).Complete);
        var second = await File.ReadAllBytesAsync(fixture.Files(b).Complete);
        var from = headersToo ? 0 : SealedBlobFormat.HeaderSize;
        second.AsSpan(from).CopyTo(first.AsSpan(from));
        await File.WriteAllBytesAsync(fixture.Files(a).Complete, first);

        await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(a));
    }

    [Fact]
    public async Task Read_KeyRingLost_SaysSo()
    {
        using var other = new StoreFixture();
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, new byte[10]);
        File.Copy(fixture.Files(key).Complete, other.Files(key).Complete);

        var thrown = await Assert.ThrowsAsync<EvidenceCorruptException>(() => other.ReadAsync(key));

        Assert.Contains("key ring", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(key, thrown.Key);
    }

    public void Dispose() => fixture.Dispose();
}
