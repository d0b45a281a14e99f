using Microsoft.EntityFrameworkCore;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Features.Moderation;

/// <summary>What colleagues are called on the pages: the part of their address before the @. The API gives ids.</summary>
public sealed class StaffNames(ReportIntakeDbContext database)
{
    private readonly Dictionary<Guid, string> known = [];

    public async Task LoadAsync(IEnumerable<Guid?> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.OfType<Guid>().Distinct().ToList();
        foreach (var member in await database.Users.Where(u => wanted.Contains(u.Id)).Select(u => new { u.Id, u.Email }).ToListAsync(cancellationToken))
        {
            known[member.Id] = member.Email?.Split('@')[0] ?? "";
        }
    }

    /// <summary>The name of somebody that <see cref="LoadAsync"/> was asked for; the id's end where there is none.</summary>
    public string Of(Guid id) => known.TryGetValue(id, out var name) && name.Length > 0 ? name : id.ToString("N")[^6..];
}
