using Microsoft.AspNetCore.Mvc;
using ReportIntake.Domain.Results;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.ErrorHandling;

/// <summary>The one mapping from <see cref="Error"/> to HTTP: <c>application/problem+json</c> (RFC 9457) with a permanent <c>code</c>.</summary>
public static class Problems
{
    public static int Status(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ErrorKind.Gone => StatusCodes.Status410Gone,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.UnsupportedMedia => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorKind.Internal => StatusCodes.Status500InternalServerError,
        ErrorKind.InsufficientStorage => StatusCodes.Status507InsufficientStorage,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The problem document of an error, in the request's language.</summary>
    public static ProblemDetails Of(Error error, ErrorText text)
    {
        ProblemDetails problem = error.Fields.Count == 0
            ? new ProblemDetails()
            : new ValidationProblemDetails(error.Fields
                .GroupBy(f => f.Field)
                .ToDictionary(g => g.Key, g => g.Select(text.Of).ToArray()));
        problem.Status = Status(error.Kind);
        problem.Title = text.Title(error.Kind);
        problem.Detail = text.Of(error);
        problem.Extensions["code"] = error.Code;
        foreach (var (name, value) in error.Arguments)
        {
            problem.Extensions[name] = value;
        }

        if (error.Fields.Count > 0)
        {
            problem.Extensions["codes"] = error.Fields.GroupBy(f => f.Field).ToDictionary(g => g.Key, g => g.Select(f => f.Code).ToArray());
        }

        return problem;
    }

    /// <summary>An endpoint's answer where a use case refused.</summary>
    public static IHttpResult ToProblem(this Error error) => new ProblemResult(error);

    /// <summary>An endpoint's answer: the value's, or the refusal's.</summary>
    public static IHttpResult ToHttp<T>(this Result<T> result, Func<T, IHttpResult> answer) =>
        result.IsSuccess ? answer(result.Value) : result.Error.ToProblem();

    /// <summary>An endpoint's answer: 204, or the refusal's.</summary>
    public static IHttpResult ToHttp(this Result result) => result.IsSuccess ? TypedResults.NoContent() : result.Error.ToProblem();

    private sealed class ProblemResult(Error error) : IHttpResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, error);
    }

    /// <summary>Writes an error as the response.</summary>
    public static async Task WriteAsync(HttpContext context, Error error)
    {
        var problem = Of(error, context.RequestServices.GetRequiredService<ErrorText>());
        problem.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        if (error.Kind is ErrorKind.Unavailable or ErrorKind.TooMany && !context.Response.Headers.ContainsKey("Retry-After"))
        {
            context.Response.Headers.RetryAfter = error.Arguments.GetValueOrDefault("retryAfter", "5");
        }

        context.Response.StatusCode = problem.Status!.Value;
        await context.Response.WriteAsJsonAsync<object>(problem, options: null, contentType: "application/problem+json", cancellationToken: context.RequestAborted);
    }
}
