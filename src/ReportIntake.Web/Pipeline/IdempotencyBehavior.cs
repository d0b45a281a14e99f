using System.Text;
using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Persistence.Sealing;

namespace ReportIntake.Web.Pipeline;

/// <summary>A command that a caller may repeat safely with an <c>Idempotency-Key</c>: same key, same answer.</summary>
public interface IIdempotentCommand<out TResponse> : ICommand<TResponse>
{
    /// <summary>The caller's key, at most <see cref="IdempotencyKeys.MaxLength"/> characters; null where the caller gave none.</summary>
    string? IdempotencyKey { get; }

    /// <summary>Whose key it is: keys of different callers and routes never meet.</summary>
    string IdempotencyScope { get; }
}

public static class IdempotencyKeys
{
    public const int MaxLength = 255;

    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static readonly Error Reused = new("idempotency_key_reused", ErrorKind.Unprocessable, "The Idempotency-Key was used with another request.");
    public static readonly Error Invalid = Error.Validation("Idempotency-Key", "idempotency_key_invalid", "An Idempotency-Key has 1 to 255 characters.");
}

/// <summary>
/// Answers a repeated command from what was kept, in the transaction of the command itself: a report and the answer to its
/// submission are stored together or not at all. Only successes are kept; what was refused may be tried again.
/// </summary>
public sealed class IdempotencyBehavior<TRequest, TResponse>(
    ReportIntakeDbContext database, ColumnSealer sealer, IDataProtectionProvider protection, TimeProvider clock)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request is not IIdempotentCommand<TResponse> { IdempotencyKey: { } key } command)
        {
            return await next();
        }

        if (key.Length is 0 or > IdempotencyKeys.MaxLength)
        {
            return TResponse.Failure(IdempotencyKeys.Invalid);
        }

        // Keyed: nobody with the rows alone can try out what the request said.
        var keyHash = sealer.KeyedHash("IdempotentAnswers.Key", Encoding.UTF8.GetBytes($"{command.IdempotencyScope}\n{key}"));
        var requestHash = sealer.KeyedHash("IdempotentAnswers.RequestHash", JsonSerializer.SerializeToUtf8Bytes(request, request.GetType()));
        var protector = protection.CreateProtector("idempotent-answer");
        var now = clock.GetUtcNow();
        var kept = await database.IdempotentAnswers.SingleOrDefaultAsync(a => a.Key == keyHash, cancellationToken);
        if (kept is not null && kept.ExpiresAt > now)
        {
            return AnswerOf(kept);
        }

        var response = await next();
        if (response.Error is not null)
        {
            // The same request, sent twice at once, may have done meanwhile what this one was refused for (it has the uploads).
            return await database.IdempotentAnswers.AsNoTracking().SingleOrDefaultAsync(a => a.Key == keyHash && a.ExpiresAt > now, cancellationToken) is { } meanwhile
                ? AnswerOf(meanwhile)
                : response;
        }

        kept ??= database.IdempotentAnswers.Add(new IdempotentAnswer { Key = keyHash }).Entity;
        (kept.RequestHash, kept.Answer, kept.ExpiresAt) = (requestHash, protector.Protect(response.ToJson()), now + IdempotencyKeys.Lifetime);
        return response;

        TResponse AnswerOf(IdempotentAnswer answer) => answer.RequestHash.AsSpan().SequenceEqual(requestHash)
            ? TResponse.FromJson(protector.Unprotect(answer.Answer))
            : TResponse.Failure(IdempotencyKeys.Reused);
    }
}
