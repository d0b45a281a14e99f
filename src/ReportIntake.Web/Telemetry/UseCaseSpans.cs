using System.Diagnostics;
using MediatR;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Telemetry;

/// <summary>A span for each use case: its name, and <c>ok</c> or the refusal's code. What it was asked is nobody's.</summary>
public sealed class UseCaseSpans<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult<TResponse>
{
    private static readonly string Name = typeof(TRequest).DeclaringType?.Name ?? typeof(TRequest).Name;

    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        using var span = Signals.Traces.StartActivity(Name);
        try
        {
            var response = await next();
            span?.SetTag(SpanFilter.Outcome, response.Error?.Code ?? "ok");
            return response;
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.GetType().Name);
            throw;
        }
    }
}
