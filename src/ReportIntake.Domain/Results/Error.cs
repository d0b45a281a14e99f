namespace ReportIntake.Domain.Results;

/// <summary>What sort of refusal an <see cref="Error"/> is. HTTP statuses are given to kinds in the web's error handling only.</summary>
public enum ErrorKind
{
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    PreconditionFailed,
    Gone,
    TooLarge,
    Unprocessable,
    UnsupportedMedia,
    TooMany,
    Unavailable,
    InsufficientStorage,
    Internal,
}

/// <summary>A refusal that the caller can act on.</summary>
/// <param name="Code">Permanent, snake_case; clients and translations hang on it.</param>
/// <param name="Kind">What sort of refusal.</param>
/// <param name="Message">Plain English for developers and logs; pages and problem details translate by <paramref name="Code"/>.</param>
public sealed record Error(string Code, ErrorKind Kind, string Message)
{
    /// <summary>Values that a translation of the message may name, such as the state a report is in. Never personal data.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Refusals by field, in the request's own (camelCase, dotted) member names. Only for <see cref="ErrorKind.Invalid"/>.</summary>
    public IReadOnlyList<FieldError> Fields { get; init; } = [];

    /// <summary>Several fields are wrong at once.</summary>
    public static Error Validation(IReadOnlyList<FieldError> fields) =>
        new("validation_failed", ErrorKind.Invalid, "The request has invalid fields.") { Fields = fields };

    /// <summary>One field is wrong.</summary>
    public static Error Validation(string field, string code, string message) => Validation([new FieldError(field, code, message)]);
}

/// <summary>One refused field: its dotted camelCase name, a permanent code, and an English message.</summary>
public sealed record FieldError(string Field, string Code, string Message)
{
    /// <inheritdoc cref="Error.Arguments"/>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();
}
