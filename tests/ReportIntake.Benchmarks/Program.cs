using System.Globalization;
using ReportIntake.Benchmarks;
using ReportIntake.Testing;

TemporaryPlace.Take();

// What each goal on speed and memory is measured with. Every figure stands beside a comparison measured in the same run:
// the ratio means something on any machine, the absolute figure on this one only. A size may follow the name: upload:256 (MiB), index:1000000 (hashes), desk:100000 (reports), load:150 (submissions a second).
var benchmarks = new Dictionary<string, Action<int?>>
{
    ["pdq"] = _ => PdqBenchmark.Run(),
    ["index"] = PdqIndexBenchmark.Run,
    ["feed"] = _ => FeedBenchmark.RunAsync().GetAwaiter().GetResult(),
    ["delivery"] = _ => DeliveryBenchmark.RunAsync().GetAwaiter().GetResult(),
    ["upload"] = UploadBenchmark.Run,
    ["upload-memory"] = UploadBenchmark.RunMemory,
    ["screening"] = _ => ScreeningBenchmark.RunAsync().GetAwaiter().GetResult(),
    ["read"] = ReadBenchmark.Run,
    ["range"] = ReadBenchmark.RunRange,
    ["load"] = LoadBenchmark.Run,
    ["load-nodes"] = LoadBenchmark.RunNodes,
    ["load-kills"] = LoadKills.Run,
    ["desk"] = DeskBenchmark.Run,
    ["seed"] = DeskBenchmark.Seed,
};

var chosen = args.Select(a => a.Split(':', 2)).ToList();
if (chosen is [] || chosen.Any(c => !benchmarks.ContainsKey(c[0]) || (c.Length > 1 && !int.TryParse(c[1], CultureInfo.InvariantCulture, out _))))
{
    Console.Error.WriteLine($"Name one or more of: {string.Join(' ', benchmarks.Keys)}; with a size, if you like: upload:256 (MiB), index:1000000 (hashes), desk:100000 (reports), load:150 (submissions a second)");
    return 1;
}

foreach (var choice in chosen)
{
    benchmarks[choice[0]](choice.Length > 1 ? int.Parse(choice[1], CultureInfo.InvariantCulture) : null);
}

return Environment.ExitCode;
