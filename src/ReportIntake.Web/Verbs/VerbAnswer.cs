using System.Text.Json;
using MediatR;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Verbs;

/// <summary>How every verb asks and answers: one line of JSON on stdout, reasons on stderr, exit code 0 or 1.</summary>
internal static class VerbAnswer
{
    public static async Task<T> SendAsync<T>(IServiceProvider services, IRequest<T> command, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, cancellationToken);
    }

    public static void Print<T>(T answer) => Console.WriteLine(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));

    /// <returns>The exit code.</returns>
    public static int Exit(Error? error) => error is null
        ? 0
        : Refuse(error.Fields.Count == 0 ? [error.Message] : [.. error.Fields.Select(f => $"{f.Field}: {f.Message}")]);

    /// <returns>The exit code of a refusal.</returns>
    public static int Refuse(params IReadOnlyCollection<string> reasons)
    {
        foreach (var reason in reasons)
        {
            Console.Error.WriteLine(reason);
        }

        return 1;
    }
}
