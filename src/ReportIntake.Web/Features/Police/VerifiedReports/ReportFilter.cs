using System.Globalization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Shared.Catalogue;

namespace ReportIntake.Web.Features.Police.VerifiedReports;

/// <summary>What a client asked the list for, checked. As text it is what the list's cursors are bound to.</summary>
public sealed record ReportFilter(Tier? Tier, ReportState? State, string? Category, string? Area, DateTimeOffset? UpdatedSince)
{
    /// <summary>The filter of a query; every field that is wrong is told at once.</summary>
    public static Result<ReportFilter> Parse(ListVerifiedReports.Query query, ReportCatalogue catalogue)
    {
        var wrong = new List<FieldError>();
        var since = default(DateTimeOffset);
        Check("tier", query.Tier is null || EnumNames.TryParse<Tier>(query.Tier, out _));
        Check("state", query.State is null || (EnumNames.TryParse<ReportState>(query.State, out var state) && state.IsVisibleToPolice()));
        Check("category", query.Category is null || catalogue.Category(query.Category) is not null);
        Check("area", query.Area is null || catalogue.IsArea(query.Area));
        if (query.UpdatedSince is not null && !DateTimeOffset.TryParse(
            query.UpdatedSince, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out since))
        {
            wrong.Add(new FieldError("updatedSince", "malformed_value", "The value is not a time of RFC 3339."));
        }

        if (query.Limit is < 1 or > ListVerifiedReports.MaxLimit)
        {
            wrong.Add(PageLimit.Refusal(ListVerifiedReports.MaxLimit));
        }

        return wrong.Count > 0
            ? Error.Validation(wrong)
            : new ReportFilter(
                query.Tier is null ? null : EnumNames.Parse<Tier>(query.Tier),
                query.State is null ? null : EnumNames.Parse<ReportState>(query.State),
                query.Category,
                query.Area,
                query.UpdatedSince is null ? null : since);

        void Check(string field, bool known)
        {
            if (!known)
            {
                wrong.Add(new FieldError(field, "unknown_code", "The code is not known here."));
            }
        }
    }

    public IQueryable<Report> Apply(IQueryable<Report> reports)
    {
        if (Tier is { } tier)
        {
            reports = reports.Where(r => r.Tier == tier);
        }

        if (State is { } state)
        {
            reports = reports.Where(r => r.State == state);
        }

        if (Category is { } category)
        {
            reports = reports.Where(r => r.Category == category);
        }

        if (Area is { } area)
        {
            var regencies = area + ".";
            reports = reports.Where(r => r.Incident.AreaCode == area || r.Incident.AreaCode!.StartsWith(regencies));
        }

        return UpdatedSince is { } since ? reports.Where(r => r.UpdatedAt >= since) : reports;
    }

    /// <summary>One spelling for one filter.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"reports tier={Tier} state={State} category={Category} area={Area} since={UpdatedSince?.UtcTicks}");
}
