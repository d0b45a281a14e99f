using FluentValidation;
using MediatR;

namespace ReportIntake.Web.Pipeline;

/// <summary>A use case that changes something: it runs in one transaction, and nothing of it is kept when it is refused.</summary>
/// <typeparam name="TResponse"><see cref="ReportIntake.Domain.Results.Result"/> or <see cref="ReportIntake.Domain.Results.Result{T}"/>.</typeparam>
public interface ICommand<out TResponse> : IRequest<TResponse>;

public static class PipelineSetup
{
    /// <summary>MediatR and FluentValidation with every handler and validator of this assembly, and the behaviours around each use case, outermost first.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        foreach (var type in typeof(PipelineSetup).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }))
        {
            foreach (var contract in type.GetInterfaces().Where(i => i.IsGenericType
                && (i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>) || i.GetGenericTypeDefinition() == typeof(IValidator<>))))
            {
                // A validator compiles its rules when it is made, and knows nothing of the request.
                _ = contract.GetGenericTypeDefinition() == typeof(IValidator<>) ? services.AddSingleton(contract, type) : services.AddScoped(contract, type);
            }
        }

        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(LoggingBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(IdempotencyBehavior<,>));
        return services;
    }
}
