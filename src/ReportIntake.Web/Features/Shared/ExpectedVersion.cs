using Microsoft.Net.Http.Headers;

namespace ReportIntake.Web.Features.Shared;

/// <summary>The <c>ETag</c> of something with a version, and what <c>If-Match</c> (RFC 9110, 13.1.1) says of it.</summary>
public static class ExpectedVersion
{
    public static EntityTagHeaderValue ETag(int version) => new($"\"{version}\"");

    /// <summary>
    /// False where the header names other versions only. Weak tags never match, and what is no tag at all matches nothing:
    /// a precondition that cannot be read must not pass.
    /// </summary>
    public static bool Allows(string? ifMatch, int version)
    {
        if (ifMatch is null)
        {
            return true;
        }

        return EntityTagHeaderValue.TryParseList([ifMatch], out var tags)
            && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(ETag(version), useStrongComparison: true));
    }
}
