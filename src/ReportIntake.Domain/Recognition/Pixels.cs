namespace ReportIntake.Domain.Recognition;

/// <summary>A decoded picture: 8 bits a channel, rows from the top without gaps, grey or red, green, blue interleaved.</summary>
public readonly ref struct Pixels
{
    /// <param name="channels">1 (luminance) or 3 (red, green, blue).</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> has another length than the sides say.</exception>
    public Pixels(ReadOnlySpan<byte> bytes, int width, int height, int channels)
    {
        if (channels is not (1 or 3) || width <= 0 || height <= 0 || bytes.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"{bytes.Length} bytes are not {width} × {height} pixels of {channels} channels.", nameof(bytes));
        }

        Bytes = bytes;
        (Width, Height, Channels) = (width, height, channels);
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }
}
