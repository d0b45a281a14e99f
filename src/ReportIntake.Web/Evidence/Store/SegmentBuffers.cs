using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Buffers of a batch of sealed segments, shared by all uploads. The shared array pool keeps some for every thread and every
/// core and loses the rest to the large object heap; with many uploads at once that was most of the process's memory.
/// </summary>
internal static class SegmentBuffers
{
    /// <summary>Segments sealed and written at a time: fewer hops between threads and fewer calls to the kernel than one by one.</summary>
    public const int Batch = 2;

    public const int Size = Batch * SealedBlobFormat.SealedSegmentSize;

    /// <summary>Free buffers kept: 26 MiB, what 64 uploads at once have in use.</summary>
    private const int MaxFree = 208;

    private static readonly ConcurrentStack<byte[]> Free = new();

    public static byte[] Rent() => Free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size);

    /// <param name="buffer">Not to be used any more.</param>
    /// <param name="plaintext">It held some, and is overwritten.</param>
    public static void Return(byte[] buffer, bool plaintext)
    {
        if (plaintext)
        {
            CryptographicOperations.ZeroMemory(buffer);
        }

        // Two threads at the bound may keep one buffer too many; it does no harm.
        if (Free.Count < MaxFree)
        {
            Free.Push(buffer);
        }
    }
}
