using ReportIntake.Domain.Recognition;

namespace ReportIntake.Domain.Tests.Recognition;

public sealed class PdqTests
{
    [Theory]
    [InlineData(5, 5)]
    [InlineData(63, 200)]
    [InlineData(64, 64)]
    [InlineData(333, 512)]
    [InlineData(129, 97)]
    [InlineData(700, 450)]
    public void OfFrame_AnySides_AgreesWithFiltersThatSlide(int width, int height)
    {
        var bytes = Picture(width, height, seed: width);
        var frame = new Pixels(bytes, width, height, 1);

        var found = Pdq.OfFrame(frame);

        var expected = SlowPdq.Of(frame);
        Assert.Equal(expected.Quality, found.Quality);
        Assert.InRange(found.Hash.DistanceTo(expected.Hash), 0, 2);
    }

    [Fact]
    public void OfPhoto_LargerThan512_AgreesWithItsNearestPixels()
    {
        var bytes = Picture(1500, 400, seed: 1);
        var nearest = new byte[512 * 512];
        for (var i = 0; i < nearest.Length; i++)
        {
            nearest[i] = bytes[(i / 512 * 400 / 512 * 1500) + (i % 512 * 1500 / 512)];
        }

        Assert.Equal(
            Pdq.OfFrame(new Pixels(nearest, 512, 512, 1)),
            Pdq.OfPhoto(new Pixels(bytes, 1500, 400, 1)));
    }

    [Fact]
    public void OfPhoto_GreyAsColour_IsTheSame()
    {
        var grey = Picture(600, 300, seed: 2);
        var colour = grey.SelectMany(v => new[] { v, v, v }).ToArray();

        var (one, three) = (Pdq.OfPhoto(new Pixels(grey, 600, 300, 1)), Pdq.OfPhoto(new Pixels(colour, 600, 300, 3)));

        Assert.InRange(one.Hash.DistanceTo(three.Hash), 0, 2);
    }

    [Fact]
    public void OfFrame_OneColour_IsUseless()
    {
        var found = Pdq.OfFrame(new Pixels(new byte[100 * 100], 100, 100, 1));

        Assert.Equal(0, found.Quality);
        Assert.False(found.IsUseful);
    }

    [Fact]
    public void OfFrame_FourPixelsWide_HasNoHash() =>
        Assert.Equal(default, Pdq.OfFrame(new Pixels(new byte[400], 4, 100, 1)));

    [Fact]
    public void Pixels_WrongLength_Throws() => Assert.Throws<ArgumentException>(() => new Pixels(new byte[10], 3, 3, 1).Width);

    [Fact]
    public void PdqHash_TextAndBytes_RoundTrip()
    {
        const string Text = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22";
        Assert.True(PdqHash.TryParse(Text, out var hash));
        Assert.Equal(Text, hash.ToString());
        Assert.Equal(hash, PdqHash.FromBytes(hash.ToBytes()));
        Assert.Equal(Text, Convert.ToHexStringLower(hash.ToBytes()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("d8f8")]
    [InlineData("zzf8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22")]
    [InlineData("+8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b2 ")]
    public void PdqHash_SomethingElse_IsNone(string? text) => Assert.False(PdqHash.TryParse(text, out _));

    /// <summary>Soft blobs with some noise, so that there is something to see at every frequency.</summary>
    private static byte[] Picture(int width, int height, int seed)
    {
        var random = new Random(seed);
        var blobs = Enumerable.Range(0, 12).Select(_ => (X: random.NextDouble(), Y: random.NextDouble(), R: 0.02 + (random.NextDouble() / 5), V: random.Next(60, 250))).ToList();
        return
        [
            .. from y in Enumerable.Range(0, height)
               from x in Enumerable.Range(0, width)
               let sum = blobs.Sum(b => b.V * Math.Exp(-(Math.Pow(((double)x / width) - b.X, 2) + Math.Pow(((double)y / height) - b.Y, 2)) / b.R / b.R))
               select (byte)Math.Clamp(sum + random.Next(8), 0, 255),
        ];
    }

    /// <summary>The paper word for word: box filters one after the other, then thinning; in double precision.</summary>
    private static class SlowPdq
    {
        internal static PdqFingerprint Of(Pixels p)
        {
            var a = new double[p.Height, p.Width];
            for (var i = 0; i < p.Bytes.Length; i++)
            {
                a[i / p.Width, i % p.Width] = p.Bytes[i];
            }

            for (var pass = 0; pass < 2; pass++)
            {
                a = Transposed(Boxed(Transposed(Boxed(a))));
            }

            var small = new double[64, 64];
            for (var i = 0; i < 64 * 64; i++)
            {
                small[i / 64, i % 64] = a[(int)((i / 64 + 0.5) * p.Height / 64), (int)((i % 64 + 0.5) * p.Width / 64)];
            }

            var steps = 0;
            for (var i = 0; i < 64 * 63; i++)
            {
                steps += Math.Abs((int)((small[i / 64, i % 64] - small[(i / 64) + 1, i % 64]) * 100 / 255));
                steps += Math.Abs((int)((small[i % 64, i / 64] - small[i % 64, (i / 64) + 1]) * 100 / 255));
            }

            var frequencies = Enumerable.Range(0, 256).Select(bit => Enumerable.Range(0, 64 * 64).Sum(i =>
                small[i / 64, i % 64] * Math.Cos(Math.PI / 128 * ((bit / 16) + 1) * ((2 * (i / 64)) + 1)) * Math.Cos(Math.PI / 128 * ((bit % 16) + 1) * ((2 * (i % 64)) + 1)))).ToArray();
            var median = frequencies.Order().ElementAt(127);
            var text = Convert.ToHexString([.. Enumerable.Range(0, 32).Reverse().Select(b =>
                (byte)Enumerable.Range(0, 8).Sum(i => frequencies[(b * 8) + i] > median ? 1 << i : 0))]);
            Assert.True(PdqHash.TryParse(text, out var hash));
            return new PdqFingerprint(hash, Math.Min(steps / 90, 100));
        }

        private static double[,] Boxed(double[,] a)
        {
            var (rows, columns) = (a.GetLength(0), a.GetLength(1));
            var box = (columns + 127) / 128;
            var right = ((box + 2) / 2) - 1;
            var left = box - 1 - right;
            var result = new double[rows, columns];
            for (var y = 0; y < rows; y++)
            {
                for (var x = 0; x < columns; x++)
                {
                    var (from, to) = (Math.Max(0, x - left), Math.Min(columns - 1, x + right));
                    result[y, x] = Enumerable.Range(from, to - from + 1).Average(i => a[y, i]);
                }
            }

            return result;
        }

        private static double[,] Transposed(double[,] a)
        {
            var result = new double[a.GetLength(1), a.GetLength(0)];
            for (var i = 0; i < a.Length; i++)
            {
                result[i % a.GetLength(1), i / a.GetLength(1)] = a[i / a.GetLength(1), i % a.GetLength(1)];
            }

            return result;
        }
    }
}
