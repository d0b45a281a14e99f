using MediatR;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Pipeline;

/// <summary>One line for each refused use case: its name and the error's code, never what anybody wrote.</summary>
public sealed partial class LoggingBehavior<TRequest, TResponse>(ILogger<LoggingBehavior<TRequest, TResponse>> logger)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var response = await next();
        if (response.Error is { } error)
        {
            LogRefused(logger, typeof(TRequest).DeclaringType?.Name ?? typeof(TRequest).Name, error.Code);
        }

        return response;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{UseCase} refused: {Code}")]
    private static partial void LogRefused(ILogger logger, string useCase, string code);
}
