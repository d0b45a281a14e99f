using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Persistence;
using IHttpResult = Microsoft.AspNetCore.Http.IResult;

namespace ReportIntake.Web.Features.Administration.Ledger;

/// <summary>Every head that was ever signed, the newest first.</summary>
public static class ListTreeHeads
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    public sealed record Query(
        [property: FromQuery(Name = "limit"), Description("1 to 1000, 100 if not given.")] int? Limit,
        [property: FromQuery(Name = "cursor"), Description("nextCursor of the page before.")] string? Cursor);

    public sealed record Page(IReadOnlyList<SignedHead> Items, string? NextCursor);

    public static async Task<IHttpResult> HandleAsync([AsParameters] Query query, ReportIntakeDbContext database, CancellationToken ct)
    {
        var (limit, below) = (query.Limit ?? DefaultLimit, long.MaxValue);
        if (limit is < 1 or > MaxLimit)
        {
            return Error.Validation("limit", "limit_invalid", $"The limit is from 1 to {MaxLimit}.").ToProblem();
        }

        if (query.Cursor is not null && !long.TryParse(query.Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out below))
        {
            return Error.Validation("cursor", "cursor_invalid", "The cursor is none of this list's.").ToProblem();
        }

        var heads = await database.TreeHeads.AsNoTracking().Where(h => h.Size < below)
            .OrderByDescending(h => h.Size).Take(limit + 1).ToListAsync(ct);
        var next = heads.Count > limit ? heads[limit - 1].Size.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new Page([.. heads.Take(limit).Select(SignedHead.Of)], next));
    }
}
