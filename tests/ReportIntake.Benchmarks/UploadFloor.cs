using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ReportIntake.Benchmarks;

/// <summary>
/// What the parts of an upload cost when each is done alone, by one thread, with nothing in between: processor seconds that no
/// server can go below which hashes, encrypts, receives and writes by these means.
/// </summary>
internal sealed record UploadFloor(double Sha256, double Gcm, double Receive, double Write)
{
    private const int Piece = 128 * 1024;

    /// <summary>Neither is asked of @tus/server.</summary>
    public double HashAndSeal => Sha256 + Gcm;

    /// <param name="size">Bytes of the upload.</param>
    /// <param name="directory">On the disk that uploads are written to.</param>
    public static UploadFloor Measure(long size, string directory)
    {
        var (piece, sealedPiece) = (RandomNumberGenerator.GetBytes(Piece), new byte[Piece]);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var gcm = new AesGcm(RandomNumberGenerator.GetBytes(32), tagSizeInBytes: 16);
        var (nonce, tag) = (new byte[12], new byte[16]);
        var file = Path.Combine(directory, "floor");
        using var written = File.OpenHandle(file, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        return new UploadFloor(
            OnOneThread(() => ForEachPiece(size, _ => sha256.AppendData(piece))),
            OnOneThread(() => ForEachPiece(size, offset =>
            {
                BitConverter.TryWriteBytes(nonce, offset);
                gcm.Encrypt(nonce, piece, sealedPiece, tag);
            })),
            Receiving(size, piece),
            OnOneThread(() => ForEachPiece(size, offset => RandomAccess.Write(written, sealedPiece, offset))));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"SHA-256 {Sha256:0.00} s, AES-256-GCM {Gcm:0.00} s (together {HashAndSeal:0.00} s), receiving {Receive:0.00} s, writing {Write:0.00} s");

    private static double Receiving(long size, byte[] piece)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sender.Connect(listener.LocalEndPoint!);
        using var receiver = listener.Accept();
        var sending = new Thread(() => ForEachPiece(size, _ => sender.Send(piece)));
        sending.Start();
        var buffer = new byte[64 * 1024];
        var seconds = OnOneThread(() =>
        {
            for (var left = size; left > 0; left -= receiver.Receive(buffer))
            {
            }
        });
        sending.Join();
        return seconds;
    }

    private static void ForEachPiece(long size, Action<long> step)
    {
        for (var offset = 0L; offset < size; offset += Piece)
        {
            step(offset);
        }
    }

    private static double OnOneThread(Action work)
    {
        var seconds = 0.0;
        var thread = new Thread(() =>
        {
            var before = ProcessFigures.ThreadProcessorSeconds();
            work();
            seconds = ProcessFigures.ThreadProcessorSeconds() - before;
        });
        thread.Start();
        thread.Join();
        return seconds;
    }
}
