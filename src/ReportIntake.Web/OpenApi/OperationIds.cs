using Microsoft.AspNetCore.Mvc.ApiExplorer;

namespace ReportIntake.Web.OpenApi;

/// <summary>Operation ids are what generated clients call their methods: they never change once published.</summary>
internal static class OperationIds
{
    /// <summary>The route's own name; where it has none, its method and path (<c>GET /api/v1/admin/staff</c> is <c>getAdminStaff</c>).</summary>
    public static string Of(ApiDescription api)
    {
        var name = api.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName ?? OfPath(api);

        // Moderators and the police do things of one name to a report, such as reading its originals.
        return api.RelativePath!.StartsWith("api/v1/moderation", StringComparison.Ordinal)
            ? "moderation" + char.ToUpperInvariant(name[0]) + name[1..]
            : char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string OfPath(ApiDescription api) => api.HttpMethod!.ToLowerInvariant() + string.Concat(api.RelativePath!
        .Split('/', '-', '{', '}').Where(part => part.Length > 0 && part is not ("api" or "v1"))
        .Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
