using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Exposure;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>How media is shown to one person: what they chose, else what the organisation did.</summary>
public sealed record Viewing(bool Blur, bool Grey, bool Muted, MediaSize Size);

/// <inheritdoc cref="Viewing"/>
public sealed class ViewingInForce(ReportIntakeDbContext database, IOptions<ViewingOptions> organisation)
{
    public async Task<Viewing> OfAsync(Guid staff, CancellationToken cancellationToken)
    {
        var own = await database.Set<ViewingPreferences>().AsNoTracking().SingleOrDefaultAsync(p => p.StaffId == staff, cancellationToken);
        var given = organisation.Value;
        return new Viewing(own?.Blur ?? given.Blur, own?.Grey ?? given.Grey, own?.Muted ?? given.Muted, own?.Size ?? given.Size);
    }
}
