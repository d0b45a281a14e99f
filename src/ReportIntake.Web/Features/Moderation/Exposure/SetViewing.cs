using MediatR;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Exposure;
using ReportIntake.Domain.Results;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>Somebody chooses how media is shown to them, and what they are not given: <c>/staff/account/viewing</c>.</summary>
public static class SetViewing
{
    /// <summary>What is null follows the organisation. Codes that the catalogue does not have are left out.</summary>
    public sealed record Command(Guid StaffId, bool? Blur, bool? Grey, bool? Muted, MediaSize? Size, IReadOnlyList<string> AvoidedCategories) : ICommand<Result>;

    public sealed class Handler(ReportIntakeDbContext database, ReportCatalogue catalogue) : IRequestHandler<Command, Result>
    {
        public async Task<Result> Handle(Command request, CancellationToken cancellationToken)
        {
            var own = await database.Set<ViewingPreferences>().SingleOrDefaultAsync(p => p.StaffId == request.StaffId, cancellationToken);
            if (own is null)
            {
                own = new ViewingPreferences { StaffId = request.StaffId };
                database.Add(own);
            }

            (own.Blur, own.Grey, own.Muted, own.Size) = (request.Blur, request.Grey, request.Muted, request.Size);
            own.AvoidedCategories = [.. request.AvoidedCategories.Where(code => catalogue.Category(code) is not null).Distinct().Order(StringComparer.Ordinal)];
            await database.SaveChangesAsync(cancellationToken);
            return Result.Success;
        }
    }
}
