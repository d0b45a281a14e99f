using System.Text.Json.Serialization;
using FluentValidation;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

namespace ReportIntake.Web.Features.Police.FollowUp;

/// <summary>Who asks for a follow-up of which report, and under which conditions.</summary>
/// <param name="IfMatch">The <c>If-Match</c> header as sent.</param>
public sealed record FollowUpTarget(Guid ReportId, PoliceClientAccess Client, string? IfMatch, string? IdempotencyKey)
{
    public Actor Actor => Actor.Police(Client.ClientId);
}

/// <summary>What every follow-up of the police has in common: a report, a client, and that it may be repeated safely.</summary>
public abstract record FollowUpCommand<TAnswer>([property: JsonIgnore] FollowUpTarget Target) : IIdempotentCommand<Result<TAnswer>>
{
    public Guid ReportId => Target.ReportId;

    public string? IfMatch => Target.IfMatch;

    public string? IdempotencyKey => Target.IdempotencyKey;

    public string IdempotencyScope => $"police/{Target.Client.ClientId}/{GetType().DeclaringType!.Name}/{ReportId}";
}

/// <summary>What a follow-up answers: where the report is now.</summary>
public sealed record FollowUpAnswer(Guid Id, ReportState State, int Version)
{
    public static FollowUpAnswer Of(Report report) => new(report.Id, report.State, report.Version);
}

internal static class FollowUpRules
{
    public static IRuleBuilderOptions<T, string?> Required<T>(this IRuleBuilder<T, string?> rule) =>
        rule.NotEmpty().WithErrorCode("required").WithMessage("The field is required.");

    public static IRuleBuilderOptions<T, string?> AtMost<T>(this IRuleBuilder<T, string?> rule, int length) =>
        rule.MaximumLength(length).WithErrorCode("too_long").WithMessage($"At most {length} characters.");

    public static IRuleBuilderOptions<T, string?> CodeOf<T, TEnum>(this IRuleBuilder<T, string?> rule) where TEnum : struct, Enum =>
        rule.Must(code => EnumNames.TryParse<TEnum>(code, out _)).WithErrorCode("unknown_code").WithMessage("The code is not known here.");
}
