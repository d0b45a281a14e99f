using ReportIntake.Benchmarks;

// What each goal on speed and memory is measured with. Every figure stands beside a comparison measured in the same run:
// the ratio means something on any machine, the absolute figure on this one only.
var benchmarks = new Dictionary<string, Action>
{
    ["pdq"] = PdqBenchmark.Run,
    ["index"] = PdqIndexBenchmark.Run,
    ["feed"] = () => FeedBenchmark.RunAsync().GetAwaiter().GetResult(),
    ["delivery"] = () => DeliveryBenchmark.RunAsync().GetAwaiter().GetResult(),
};

if (args is [] || args.Any(a => !benchmarks.ContainsKey(a)))
{
    Console.Error.WriteLine($"Name one or more of: {string.Join(' ', benchmarks.Keys)}");
    return 1;
}

foreach (var name in args)
{
    benchmarks[name]();
}

return 0;
