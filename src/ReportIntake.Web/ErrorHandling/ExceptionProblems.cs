using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ReportIntake.Domain.Evidence;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Evidence.Store;

namespace ReportIntake.Web.ErrorHandling;

/// <summary>
/// What is thrown and still has a clear answer: malformed requests, a database that is away, a full disk. The rest is a
/// bug: 500 with a code and a trace id, nothing of the exception's text.
/// </summary>
public sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    private const int HResultDiskFull = unchecked((int)0x80070070);
    private const int ENoSpace = 28;
    private const int SqlCancelled = 0; // SqlClient's own error for a command that its token stopped
    private const string NoConnectionFree = "obtaining a connection from the pool"; // SqlClient waited for one as long as "Connect Timeout" says; it has no type or number for that
    private const int SqliteBusy = 5, SqliteLocked = 6, SqliteReadOnly = 8, SqliteIoError = 10, SqliteCorrupt = 11, SqliteFull = 13, SqliteCannotOpen = 14, SqliteNoDatabase = 26;

    public static readonly Error DatabaseUnavailable = new("database_unavailable", ErrorKind.Unavailable, "The database is away or busy. Nothing was changed; try again shortly.");
    internal static readonly Error Internal = new("internal_error", ErrorKind.Internal, "Something went wrong here. Nothing was lost on your side; try again.");
    internal static readonly Error Malformed = new("malformed_request", ErrorKind.Invalid, "The request cannot be read.");

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException or SqlException { Number: SqlCancelled })
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var error = ErrorOf(exception);
        if (error is null)
        {
            LogUnhandled(logger, exception);
        }
        else if (error == DatabaseUnavailable)
        {
            LogUnavailable(logger, exception);
        }
        else if (error == EvidenceErrors.StorageUnavailable)
        {
            LogStoreAway(logger, exception);
        }

        // The request's own path is already the error page's.
        var path = new PathString(httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path);
        if (!path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return false; // the error page answers, in the reader's language
        }

        await Problems.WriteAsync(httpContext, error ?? Internal);
        return true;
    }

    /// <summary>The refusal that an exception stands for, or null where it is a bug.</summary>
    public static Error? ErrorOf(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => RequestRefusals.TooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => RequestRefusals.ContentType,
        BadHttpRequestException { InnerException: JsonException json } => Json(json),
        BadHttpRequestException or Microsoft.AspNetCore.Connections.ConnectionResetException => Malformed,
        DbUpdateConcurrencyException => ReportErrors.Changed,
        SqliteException { SqliteErrorCode: SqliteFull } => EvidenceErrors.StorageFull,
        SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked or SqliteReadOnly or SqliteIoError or SqliteCorrupt or SqliteCannotOpen or SqliteNoDatabase } => DatabaseUnavailable,
        RetryLimitExceededException => DatabaseUnavailable,
        SqlException { IsTransient: true } => DatabaseUnavailable,
        SqlException { Class: >= 20 } or SqlException { Number: -2 or 53 or 1205 } => DatabaseUnavailable,
        InvalidOperationException { Message: var m } when m.Contains(NoConnectionFree, StringComparison.Ordinal) => DatabaseUnavailable,
        DbUpdateException { InnerException: DbException inner } => ErrorOf(inner),
        EvidenceStoreUnavailableException => EvidenceErrors.StorageUnavailable,
        IOException { HResult: HResultDiskFull or ENoSpace } => EvidenceErrors.StorageFull,
        _ => null,
    };

    /// <summary>The member that was wrong, as a field error; the path is <c>$.victim.ageBand</c>.</summary>
    private static Error Json(JsonException exception)
    {
        if (exception.InnerException is JsonException)
        {
            return Malformed; // no JSON at all: the path says only how far it was read
        }

        var field = exception.Path?.TrimStart('$').TrimStart('.') ?? "";
        return exception.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal)
            ? Error.Validation(field, "unknown_member", "The member is not known here.")
            : field.Length == 0 ? Malformed : Error.Validation(field, "malformed_value", "The value is not of the member's type.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database does not answer as it should")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The evidence store does not answer as it should")]
    private static partial void LogStoreAway(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unhandled exception")]
    private static partial void LogUnhandled(ILogger logger, Exception exception);
}
