using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ReportIntake.Web.Evidence.Store;

/// <summary>What .NET's file API leaves out for data that must survive a power cut.</summary>
internal static class DurableFile
{
    // errno values are the same on every Linux architecture; the rest are Windows HRESULTs.
    public const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Of a file that is to take another's place.</summary>
    public const string NewSuffix = ".new";

    private const uint SyncFileRangeWrite = 2;

    /// <summary>True where a write failed because there is no room, which an operator can mend and a sender can wait for.</summary>
    public static bool IsDiskFull(IOException e) => e.HResult is NoSpace or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull;

    /// <summary>Puts a small file in place of an earlier one, at once and durably. The directory is not flushed.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var making = path + NewSuffix;
        try
        {
            using (var file = File.OpenHandle(making, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(file, content, 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(making, path, overwrite: true);
        }
        catch
        {
            File.Delete(making);
            throw;
        }
    }

    /// <summary>Makes the making, renaming or removing of a file durable. Windows' file systems journal that by themselves.</summary>
    public static void FlushDirectoryOf(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var directory = Path.GetDirectoryName(path)!;
        var descriptor = Open([.. Encoding.UTF8.GetBytes(directory), 0], flags: 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the directory of the evidence store to flush it (errno {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Flush(descriptor) != 0)
            {
                throw new IOException($"Cannot flush a directory of the evidence store (errno {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Reads until the buffer is full or the file ends; returns the number of bytes.</summary>
    public static int ReadFully(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    /// <summary>Asks the kernel to begin writing a stretch of a file, and does not wait. Only for speed: nothing becomes durable by it.</summary>
    public static void BeginWriting(SafeFileHandle handle, long offset, long count)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(handle, offset, count, SyncFileRangeWrite);
        }
    }

    [DllImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncFileRange(SafeFileHandle descriptor, long offset, long count, uint flags);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
