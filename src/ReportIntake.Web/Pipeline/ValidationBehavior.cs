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
            var checkedFields = await validator.ValidateAsync(request, cancellationToken);
            fields.AddRange(checkedFields.Errors.Select(f => new FieldError(CamelCase(f.PropertyName), f.ErrorCode, f.ErrorMessage)
            {
                Arguments = f.CustomState as IReadOnlyDictionary<string, string> ?? Placeholders(f.FormattedMessagePlaceholderValues),
            }));
        }

        return fields.Count == 0 ? await next() : TResponse.Failure(Error.Validation(fields));
    }

    /// <summary><c>Incident.AreaCode</c> becomes <c>incident.areaCode</c>, as in the request.</summary>
    private static string CamelCase(string path) => string.Join('.', path.Split('.').Select(p => p.Length == 0 ? p : char.ToLowerInvariant(p[0]) + p[1..]));

    /// <summary>Limits only: a refused value may be a citizen's words and is not repeated.</summary>
    private static Dictionary<string, string> Placeholders(Dictionary<string, object?>? values) => values is null
        ? []
        : values.Where(v => v.Key is "MaxLength" or "MinLength" or "ComparisonValue" or "From" or "To")
            .ToDictionary(v => char.ToLowerInvariant(v.Key[0]) + v.Key[1..], v => Convert.ToString(v.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
}
