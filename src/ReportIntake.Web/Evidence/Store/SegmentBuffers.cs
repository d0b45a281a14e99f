using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>
/// Buffers of one segment, plain or sealed, shared by all uploads. The shared array pool keeps some for every thread and every
/// core and loses the rest to the large object heap; with many uploads at once that was most of the process's memory.
/// </summary>
internal static class SegmentBuffers
{
    public const int Size = SealedBlobFormat.SealedSegmentSize;

    /// <summary>In use, 4 MiB: below it a lone upload may run ahead, above it each gets what it cannot do without.</summary>
    private const int ScarceFrom = 64;

    /// <summary>Free buffers kept: 9 MiB, what 64 uploads at once have in use.</summary>
    private const int MaxFree = 144;

    private static readonly ConcurrentStack<byte[]> Free = new();
    private static int inUse;

    /// <summary>Many uploads at once: none should take a buffer only to be faster.</summary>
    public static bool AreScarce => Volatile.Read(ref inUse) >= ScarceFrom;

    public static byte[] Rent()
    {
        Interlocked.Increment(ref inUse);
        return Free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    }

    /// <param name="buffer">Not to be used any more.</param>
    /// <param name="plaintext">It held some, and is overwritten.</param>
    public static void Return(byte[] buffer, bool plaintext)
    {
        Interlocked.Decrement(ref inUse);
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
