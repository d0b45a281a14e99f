using System.Numerics;
using System.Runtime.InteropServices;

namespace ReportIntake.Domain.Recognition;

/// <summary>A picture's hash and how much there was to see in it.</summary>
/// <param name="Quality">0 (one colour) to 100. Up to <see cref="Pdq.MaxUselessQuality"/> the hash says nothing: near-blank
/// pictures all look alike.</param>
public readonly record struct PdqFingerprint(PdqHash Hash, int Quality)
{
    public bool IsUseful => Quality > Pdq.MaxUselessQuality;
}

/// <summary>
/// PDQ, the perceptual hash that hash lists of the field carry: "The TMK+PDQF Video-Hashing Algorithm and the PDQ
/// Image-Hashing Algorithm" (Facebook, 2019). Luminance is blurred by two box filters in each direction, thinned out to
/// 64 × 64, transformed (DCT), and each of the 16 × 16 lowest frequencies but the constant one is compared with their median.
/// </summary>
/// <remarks>
/// The two box filters and the thinning are linear and act on rows and columns apart, so both together are one weighted sum
/// for each of the 64 places of an axis (<see cref="Axis"/>): every pixel is read about once, and whole rows are added at a
/// time, in vectors. Rounds differently from filters that slide, in the last bits of a float.
/// </remarks>
public static class Pdq
{
    /// <summary>From this quality down a hash is not used (the paper's recommendation).</summary>
    public const int MaxUselessQuality = 49;

    /// <summary>The reference implementation shrinks what is larger, in either direction, to this many pixels in both.</summary>
    public const int PhotoSide = 512;

    private const int Side = 64;
    private const int Frequencies = 16;

    /// <summary>The paper's tests start here; smaller pictures have no hash.</summary>
    private const int MinSide = 5;

    // ITU-R BT.601.
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    /// <summary>Rows 1 to 16 of the 64-point DCT-II, orthonormal; row 0 would be the mean.</summary>
    private static readonly float[] Cosines = MakeCosines();

    /// <summary>
    /// Of a photo, as hash lists have it: whatever is larger than 512 × 512 is first taken apart to that, each place showing
    /// the nearest pixel, without regard to proportions or EXIF orientation. Averaging instead differs by up to 74 bits.
    /// </summary>
    /// <param name="photo">As it is stored, not turned.</param>
    public static PdqFingerprint OfPhoto(Pixels photo)
    {
        if (photo.Width <= PhotoSide && photo.Height <= PhotoSide)
        {
            return OfFrame(photo);
        }

        var luminance = new float[PhotoSide * PhotoSide];
        for (var y = 0; y < PhotoSide; y++)
        {
            var row = (int)((long)y * photo.Height / PhotoSide) * photo.Width;
            var target = luminance.AsSpan(y * PhotoSide, PhotoSide);
            for (var x = 0; x < PhotoSide; x++)
            {
                var at = (row + (x * photo.Width / PhotoSide)) * photo.Channels;
                target[x] = photo.Channels == 1
                    ? photo.Bytes[at]
                    : (Red * photo.Bytes[at]) + (Green * photo.Bytes[at + 1]) + (Blue * photo.Bytes[at + 2]);
            }
        }

        return Of(luminance, PhotoSide, PhotoSide);
    }

    /// <summary>Of all the pixels there are: a video's frame, as vPDQ hashes it.</summary>
    public static PdqFingerprint OfFrame(Pixels frame)
    {
        if (frame.Width < MinSide || frame.Height < MinSide)
        {
            return default;
        }

        var luminance = new float[frame.Width * frame.Height];
        var bytes = frame.Bytes;
        if (frame.Channels == 1)
        {
            for (var i = 0; i < luminance.Length; i++)
            {
                luminance[i] = bytes[i];
            }
        }
        else
        {
            for (int i = 0, at = 0; i < luminance.Length; i++, at += 3)
            {
                luminance[i] = (Red * bytes[at]) + (Green * bytes[at + 1]) + (Blue * bytes[at + 2]);
            }
        }

        return Of(luminance, frame.Width, frame.Height);
    }

    private static PdqFingerprint Of(ReadOnlySpan<float> luminance, int width, int height)
    {
        Span<float> small = stackalloc float[Side * Side];
        Shrink(luminance, width, height, small);
        return new PdqFingerprint(Hash(small), Quality(small));
    }

    private static void Shrink(ReadOnlySpan<float> luminance, int width, int height, Span<float> small)
    {
        var (down, across) = (new Axis(height), new Axis(width));
        var blurred = new float[width];
        for (var y = 0; y < Side; y++)
        {
            Array.Clear(blurred);
            var (top, rows) = down[y];
            for (var i = 0; i < rows.Length; i++)
            {
                AddScaled(blurred, luminance.Slice((top + i) * width, width), rows[i]);
            }

            for (var x = 0; x < Side; x++)
            {
                var (left, columns) = across[x];
                var sum = 0f;
                for (var i = 0; i < columns.Length; i++)
                {
                    sum += columns[i] * blurred[left + i];
                }

                small[(y * Side) + x] = sum;
            }
        }
    }

    /// <summary>Counts steps between neighbours in hundredths of the range, rounded towards none, so that noise counts nothing.</summary>
    private static int Quality(ReadOnlySpan<float> small)
    {
        var steps = 0;
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var here = small[(y * Side) + x];
                steps += y + 1 < Side ? Math.Abs((int)((here - small[((y + 1) * Side) + x]) * 100 / 255)) : 0;
                steps += x + 1 < Side ? Math.Abs((int)((here - small[(y * Side) + x + 1]) * 100 / 255)) : 0;
            }
        }

        return Math.Min(steps / 90, 100);
    }

    private static PdqHash Hash(ReadOnlySpan<float> small)
    {
        Span<float> columns = stackalloc float[Side];
        Span<float> frequencies = stackalloc float[Frequencies * Frequencies];
        for (var i = 0; i < Frequencies; i++)
        {
            columns.Clear();
            for (var k = 0; k < Side; k++)
            {
                AddScaled(columns, small.Slice(k * Side, Side), Cosines[(i * Side) + k]);
            }

            for (var j = 0; j < Frequencies; j++)
            {
                frequencies[(i * Frequencies) + j] = Dot(columns, Cosines.AsSpan(j * Side, Side));
            }
        }

        Span<float> sorted = stackalloc float[frequencies.Length];
        frequencies.CopyTo(sorted);
        sorted.Sort();

        // The lower of the two in the middle, as the reference has it.
        var median = sorted[(sorted.Length / 2) - 1];
        Span<ulong> words = stackalloc ulong[PdqHash.Bits / 64];
        for (var bit = 0; bit < frequencies.Length; bit++)
        {
            words[bit >> 6] |= frequencies[bit] > median ? 1UL << bit : 0;
        }

        return new PdqHash(words[0], words[1], words[2], words[3]);
    }

    private static void AddScaled(Span<float> sum, ReadOnlySpan<float> values, float weight)
    {
        var wide = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var wideValues = MemoryMarshal.Cast<float, Vector<float>>(values);
        var factor = new Vector<float>(weight);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = Vector.FusedMultiplyAdd(wideValues[i], factor, wide[i]);
        }

        for (var i = wide.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var wideA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var wideB = MemoryMarshal.Cast<float, Vector<float>>(b);
        for (var i = 0; i < wideA.Length; i++)
        {
            sum = Vector.FusedMultiplyAdd(wideA[i], wideB[i], sum);
        }

        return Vector.Sum(sum);
    }

    private static float[] MakeCosines()
    {
        var cosines = new float[Frequencies * Side];
        for (var i = 0; i < cosines.Length; i++)
        {
            var (frequency, at) = ((i / Side) + 1, i % Side);
            cosines[i] = (float)(Math.Sqrt(2.0 / Side) * Math.Cos(Math.PI / (2 * Side) * frequency * ((2 * at) + 1)));
        }

        return cosines;
    }

    /// <summary>How each of the 64 places of an axis of so many pixels is made of them.</summary>
    private sealed class Axis
    {
        private readonly (int First, float[] Weights)[] places = new (int, float[])[Side];

        internal Axis(int length)
        {
            // Two boxes of half a block each blur like one tent of a block (Jarosz, "Fast Image Convolutions", 2001).
            var box = (length + (2 * Side) - 1) / (2 * Side);
            var after = box / 2;
            var before = box - 1 - after;
            for (var place = 0; place < Side; place++)
            {
                var centre = (int)((2L * place + 1) * length / (2 * Side));
                var (first, last) = Window(centre);
                var start = Window(first).First;
                var weights = new double[Window(last).Last - start + 1];
                for (var outer = first; outer <= last; outer++)
                {
                    var (innerFirst, innerLast) = Window(outer);
                    for (var inner = innerFirst; inner <= innerLast; inner++)
                    {
                        weights[inner - start] += 1.0 / (last - first + 1) / (innerLast - innerFirst + 1);
                    }
                }

                places[place] = (start, Array.ConvertAll(weights, w => (float)w));
            }

            // At the edges a box is cut off, and the mean is of what is left.
            (int First, int Last) Window(int at) => (Math.Max(at - before, 0), Math.Min(at + after, length - 1));
        }

        internal (int First, float[] Weights) this[int place] => places[place];
    }
}
