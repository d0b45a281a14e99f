using PoliceConsumer;

// Settings come from the environment: the key is a secret, and arguments are seen by others on the machine.
var address = Environment.GetEnvironmentVariable("REPORTINTAKE_URL");
var key = Environment.GetEnvironmentVariable("REPORTINTAKE_API_KEY");
if (args is not [var folder] || !Uri.TryCreate(address, UriKind.Absolute, out var service) || string.IsNullOrEmpty(key))
{
    Console.Error.WriteLine("Usage: REPORTINTAKE_URL=https://… REPORTINTAKE_API_KEY=ri_… PoliceConsumer FOLDER");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var api = new Api(service, key);
var consumer = new Consumer(api, new ReportFolder(folder));
try
{
    await consumer.RunAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (AccessRefusedException refused)
{
    // Asking again would not help: somebody must give this client another key or another scope.
    Console.Error.WriteLine(refused.Message);
    return 1;
}
catch (InvalidDataException unexpected)
{
    // Such as a cursor of another client: going on would hide a mistake.
    Console.Error.WriteLine(unexpected.Message);
    return 1;
}
