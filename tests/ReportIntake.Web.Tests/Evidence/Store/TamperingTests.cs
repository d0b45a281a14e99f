using System.Security.Cryptography;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>Whatever is changed in the stored bytes of a complete blob is noticed before a wrong byte is given out, in every store.</summary>
public abstract class TamperingContract : IDisposable
{
    private const int Segment = SealedBlobFormat.SegmentSize;

    private readonly StoreFixture fixture;

    private protected TamperingContract(StoreFixture fixture) => this.fixture = fixture;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    public async Task Read_AnyByteFlipped_IsNoticed(int size)
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, RandomNumberGenerator.GetBytes(size));
        var path = fixture.Sealed(key);
        var bytes = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            await StoreFixture.OverwriteAsync(path, bytes);

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
            var path = fixture.Sealed(key);
            var bytes = await File.ReadAllBytesAsync(path);
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            await StoreFixture.OverwriteAsync(path, bytes);

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
        var path = fixture.Sealed(key);
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
        var path = fixture.Sealed(key);
        var bytes = await File.ReadAllBytesAsync(path);
        var (one, two) = (bytes[(int)SealedBlobFormat.OffsetOf(1)..(int)SealedBlobFormat.OffsetOf(2)], bytes[(int)SealedBlobFormat.OffsetOf(2)..(int)SealedBlobFormat.OffsetOf(3)]);
        two.CopyTo(bytes, (int)SealedBlobFormat.OffsetOf(1));
        one.CopyTo(bytes, (int)SealedBlobFormat.OffsetOf(2));
        await StoreFixture.OverwriteAsync(path, bytes);

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
        var first = await File.ReadAllBytesAsync(fixture.Sealed(a));
        var second = await File.ReadAllBytesAsync(fixture.Sealed(b));
        var from = headersToo ? 0 : SealedBlobFormat.HeaderSize;
        second.AsSpan(from).CopyTo(first.AsSpan(from));
        await StoreFixture.OverwriteAsync(fixture.Sealed(a), first);

        await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(a));
    }

    [Fact]
    public async Task Read_AnyByteOfTheKeyFlipped_IsNoticed()
    {
        var key = StoreFixture.NewKey();
        await fixture.PutAsync(key, new byte[10]);
        var path = fixture.WrappedKey(key);
        var bytes = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x10;
            await StoreFixture.OverwriteAsync(path, bytes);

            await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(key));
            bytes[at] ^= 0x10;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_KeyOfAnotherBlobOrNone_IsNoticed(bool none)
    {
        var (a, b) = (StoreFixture.NewKey(), StoreFixture.NewKey());
        await fixture.PutAsync(a, new byte[10]);
        await fixture.PutAsync(b, new byte[10]);
        if (none)
        {
            File.Delete(fixture.WrappedKey(a));
        }
        else
        {
            await StoreFixture.OverwriteAsync(fixture.WrappedKey(a), await File.ReadAllBytesAsync(fixture.WrappedKey(b)));
        }

        await Assert.ThrowsAsync<EvidenceCorruptException>(() => fixture.ReadAsync(a));
    }

    public virtual void Dispose()
    {
        fixture.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class DiskTamperingTests() : TamperingContract(new DiskStoreFixture());

public sealed class S3TamperingTests(S3Server server) : TamperingContract(new S3StoreFixture(server)), IClassFixture<S3Server>;
