using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.Tests.Evidence.Store;

/// <summary>A disk that is really full: a file system of two mebibytes, partly taken by ballast.</summary>
public sealed class DiskFullTests
{
    private const int Room = 2 * 1024 * 1024;

    [MountFact]
    public async Task Append_RoomRunsOut_StandsAtTheLastCommitAndGoesOnWhenThereIsRoom()
    {
        using var disk = new SmallDisk();
        var content = RandomNumberGenerator.GetBytes(1_500_000);
        var key = StoreFixture.NewKey();
        Assert.True((await disk.Store.BeginAsync(key, null, default)).IsSuccess);
        var ballast = disk.Fill(leaving: 700_000);
        await using (var appender = await disk.Store.OpenAppendAsync(key, default))
        {
            await appender!.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(0, 300_000)));
            Assert.True((await appender.CommitAsync()).IsSuccess);
            await appender.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(300_000)));

            Assert.Equal("storage_full", (await appender.CommitAsync()).Error?.Code);
            Assert.Equal("storage_full", (await appender.CompleteAsync(default)).Error?.Code);
            Assert.Equal("storage_full", (await appender.AppendAsync(new ReadOnlySequence<byte>(content))).Error?.Code);
            Assert.Equal(300_000, appender.DurableLength);
        }

        Assert.Equal(new BlobStatus(300_000, false), await disk.Store.GetStatusAsync(key, default));
        File.Delete(ballast);
        await using (var appender = await disk.Store.OpenAppendAsync(key, default))
        {
            await appender!.AppendAsync(new ReadOnlySequence<byte>(content.AsMemory(300_000)));
            Assert.Equal(SHA256.HashData(content), (await appender.CompleteAsync(default)).Value.Sha256);
        }

        Assert.Equal(SHA256.HashData(content), (await disk.Store.HashAsync(key, default)).Sha256);
    }

    [MountFact]
    public async Task BeginAndWrite_NoRoomAtAll_AreRefusedAndLeaveNothing()
    {
        using var disk = new SmallDisk();
        var ballast = disk.Fill(leaving: 0);

        var begun = await disk.Store.BeginAsync(StoreFixture.NewKey(), null, default);
        var written = await disk.Store.WriteAsync(BlobKey.Thumbnail(Guid.NewGuid()), new MemoryStream(new byte[5000]), default);

        Assert.Equal(("storage_full", "storage_full"), (begun.Error?.Code, written.Error?.Code));
        Assert.Equal([ballast], Directory.EnumerateFiles(disk.Root, "*", SearchOption.AllDirectories));
    }

    private static int Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Skipped where no file system may be mounted.</summary>
    private sealed class MountFactAttribute : FactAttribute
    {
        private static readonly Lazy<bool> Possible = new(() =>
        {
            if (!Environment.IsPrivilegedProcess)
            {
                return false;
            }

            try
            {
                new SmallDisk().Dispose();
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        });

        public MountFactAttribute() => Skip = Possible.Value ? null : "A file system of a known size can be mounted by root only.";
    }

    private sealed class SmallDisk : IDisposable
    {
        private readonly string keys = Directory.CreateTempSubdirectory("evidence-keys-").FullName;

        public SmallDisk()
        {
            if (Run("mount", "-t", "tmpfs", "-o", $"size={Room}", "tmpfs", Root) != 0)
            {
                Directory.Delete(Root);
                Directory.Delete(keys);
                throw new InvalidOperationException("No file system can be mounted.");
            }

            Store = new DiskEvidenceStore(Root, new DataProtectionKeyWrapper(DataProtectionProvider.Create(new DirectoryInfo(keys))));
        }

        public string Root { get; } = Directory.CreateTempSubdirectory("evidence-small-").FullName;

        public DiskEvidenceStore Store { get; }

        /// <summary>Takes the room but so many bytes of it.</summary>
        public string Fill(long leaving)
        {
            var path = Path.Combine(Root, "ballast");
            using var ballast = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            try
            {
                while (new DriveInfo(Root).AvailableFreeSpace > leaving)
                {
                    ballast.Write(page);
                }
            }
            catch (IOException) when (leaving == 0)
            {
                // Full to the last page.
            }

            return path;
        }

        public void Dispose()
        {
            Store.Dispose();
            Run("umount", "--lazy", Root);
            Directory.Delete(Root, recursive: true);
            Directory.Delete(keys, recursive: true);
        }
    }
}
