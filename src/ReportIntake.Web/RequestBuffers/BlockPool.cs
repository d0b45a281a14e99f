using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace ReportIntake.Web.RequestBuffers;

/// <summary>Gives Kestrel <see cref="BlockPool"/> in place of its own.</summary>
internal sealed class BlockPoolFactory(BlockPool pool) : IMemoryPoolFactory<byte>
{
    /// <summary>One pool for every listener: its blocks are bounded together.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => pool;
}

/// <summary>
/// Blocks of 32 KiB for what comes from and goes to sockets. Kestrel's own have 4 KiB, and one block is what one call to the
/// kernel fills: 262,144 calls for 1 GiB, each preceded by one that waits for data. An idle connection holds no block.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    public const int BlockSize = 32 * 1024;

    /// <summary>Free blocks kept: 6 MiB, what 64 uploads at once have in use. What is given back beyond them is the garbage collector's.</summary>
    private const int MaxFree = 192;

    private readonly ConcurrentQueue<Block> free = new();
    private int freeCount;

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (!free.TryDequeue(out var block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref freeCount);
        return block;
    }

    /// <summary>Nothing to do: one pool serves every listener, and outlives each.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref freeCount) <= MaxFree)
        {
            free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref freeCount);
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        // Pinned for good, so that a socket need not pin it each time.
        public Memory<byte> Memory { get; } = System.Runtime.InteropServices.MemoryMarshal.CreateFromPinnedArray(
            GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        public void Dispose() => pool.Return(this);
    }
}
