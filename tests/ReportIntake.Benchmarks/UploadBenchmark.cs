using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ReportIntake.Testing;

namespace ReportIntake.Benchmarks;

/// <summary>
/// Goals: one file through PATCH, hashed, encrypted and durable, at no less than the throughput of @tus/server with
/// @tus/file-store, which do none of the three, and for no more processor seconds; 64 uploads at once below 250 MB.
/// <see cref="UploadFloor"/> stands beside the second goal: what hashing, sealing, receiving and writing cost alone.
/// </summary>
internal static class UploadBenchmark
{
    private const int DefaultMebibytes = 1024;
    private const int Rounds = 5;
    private const int AtOnce = 64;
    private const int MemoryGoal = 250;

    public static void Run(int? mebibytes) => RunAsync((mebibytes ?? DefaultMebibytes) * 1024L * 1024).GetAwaiter().GetResult();

    /// <param name="mebibytes">Size of each of the 64 files.</param>
    public static void RunMemory(int? mebibytes) => RunMemoryAsync((mebibytes ?? 64) * 1024L * 1024).GetAwaiter().GetResult();

    private static async Task RunAsync(long size)
    {
        var piece = RandomNumberGenerator.GetBytes(4 * 1024 * 1024);
        var directory = Directory.CreateTempSubdirectory("reportintake-benchmark-").FullName;
        try
        {
            await using var ours = await StartAsync(directory);
            using var theirs = TusServer.Start(Directory.CreateDirectory(Path.Combine(directory, "theirs")).FullName);
            var (we, they) = (new TusUpload(ours.Address, "/api/v1/uploads"), new TusUpload(theirs.Address, "/files"));

            // The first requests pay for two JIT compilers.
            for (var i = 0; i < 3; i++)
            {
                await MeasureAsync(we, ours.Id, size / 8, piece);
                await MeasureAsync(they, theirs.Id, size / 8, piece);
            }

            var (mine, reference) = (new List<(double Seconds, double Processor)>(), new List<(double Seconds, double Processor)>());
            for (var round = 0; round < Rounds; round++)
            {
                mine.Add(await MeasureAsync(we, ours.Id, size, piece));
                reference.Add(await MeasureAsync(they, theirs.Id, size, piece));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  round {round + 1}: ours {mine[^1].Seconds:0.00} s, {mine[^1].Processor:0.00} s of processor; @tus/server {reference[^1].Seconds:0.00} s, {reference[^1].Processor:0.00} s"));
            }

            var throughput = Median(reference.Select(r => r.Seconds)) / Median(mine.Select(r => r.Seconds));
            var processor = Median(mine.Select(r => r.Processor)) / Median(reference.Select(r => r.Processor));
            var floor = UploadFloor.Measure(size, directory);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  each part alone on one thread: {floor}; hashing and sealing alone are {floor.HashAndSeal / Median(reference.Select(r => r.Processor)):0.00} × all of @tus/server's processor seconds"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"upload of {size >> 20} MiB: {size / 1e6 / Median(mine.Select(r => r.Seconds)):0} MB/s; throughput {throughput:0.00} × @tus/server (goal ≥ 1: {(throughput >= 1 ? "met" : "MISSED")}), processor seconds {processor:0.00} × (goal ≤ 1: {(processor <= 1 ? "met" : "MISSED")})"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task RunMemoryAsync(long size)
    {
        var piece = RandomNumberGenerator.GetBytes(1024 * 1024);
        var directory = Directory.CreateTempSubdirectory("reportintake-benchmark-").FullName;
        try
        {
            await using var ours = await StartAsync(directory);
            var client = new TusUpload(ours.Address, "/api/v1/uploads");
            var before = ProcessFigures.PeakMegabytes(ours.Id);
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => client.SendAsync(size, piece)));
            var peak = ProcessFigures.PeakMegabytes(ours.Id);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{AtOnce} uploads of {size >> 20} MiB at once: peak {peak:0} MB (goal ≤ {MemoryGoal}: {(peak <= MemoryGoal ? "met" : "MISSED")}); {before:0} MB before them, {ProcessFigures.ResidentMegabytes(ours.Id):0} MB resident after"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task<ProgramProcess> StartAsync(string directory) => ProgramProcess.StartAsync(
        Directory.CreateDirectory(Path.Combine(directory, "ours")).FullName,
        new Dictionary<string, string> { ["Database__MigrateAtStart"] = "true", ["RateLimits__Uploads__Burst"] = "1000000" });

    private static async Task<(double Seconds, double Processor)> MeasureAsync(TusUpload client, int process, long size, byte[] piece)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), ProcessFigures.ProcessorSeconds(process));
        var path = await client.SendAsync(size, piece);
        var measured = (Stopwatch.GetElapsedTime(start).TotalSeconds, ProcessFigures.ProcessorSeconds(process) - used);
        await client.RemoveAsync(path); // before the kernel has written much of it: the disk is not what is compared
        return measured;
    }

    private static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
