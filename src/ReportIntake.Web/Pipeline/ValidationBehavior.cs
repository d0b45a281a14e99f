using FluentValidation;
using MediatR;
using ReportIntake.Domain.Results;

namespace ReportIntake.Web.Pipeline;

/// <summary>Asks the use case's validators before anything else happens; all wrong fields are told at once.</summary>
public sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        var fields = new List<FieldError>();
        foreach (var validator in validators)
        {
            fields.AddRange(FieldErrors.Of(await validator.ValidateAsync(request, cancellationToken)));
        }

        return fields.Count == 0 ? await next() : TResponse.Failure(Error.Validation(fields));
    }
}
