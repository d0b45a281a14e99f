using System.Text.Json;

namespace ReportIntake.Web.Jobs;

/// <summary>A job class as outbox rows name it, and how a row's argument reaches it.</summary>
/// <param name="Name">The class's own name: renaming a class orphans its rows.</param>
public sealed record JobType(string Name, Func<IServiceProvider, string, CancellationToken, Task> ExecuteAsync)
{
    public static JobType Of<TJob, TArgument>() where TJob : class, IJob<TArgument> => new(
        typeof(TJob).Name,
        (provider, argument, cancellationToken) => provider.GetRequiredService<TJob>()
            .ExecuteAsync(JsonSerializer.Deserialize<TArgument>(argument)!, cancellationToken));

    public static JobType OfRecurring<TJob>() where TJob : class, IRecurringJob => new(
        typeof(TJob).Name,
        (provider, _, cancellationToken) => provider.GetRequiredService<TJob>().ExecuteAsync(cancellationToken));
}

/// <summary>Every job class there is, by name.</summary>
public sealed class JobTypes(IEnumerable<JobType> types)
{
    private readonly Dictionary<string, JobType> byName = types.ToDictionary(t => t.Name);

    /// <exception cref="InvalidOperationException">No such class: a newer version of the program wrote the row, or the class is gone.</exception>
    public JobType this[string name] => byName.TryGetValue(name, out var type)
        ? type
        : throw new InvalidOperationException($"No job class is named {name}.");
}
