using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Net.Http.Headers;
using ReportIntake.Domain.Reports;
using ReportIntake.Domain.Results;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Security;

/// <summary>
/// What a refused caller is told: the API answers with problem documents and never redirects; pages lead to the sign-in,
/// or to the second factor where that is what is missing.
/// </summary>
public sealed class AuthorizationAnswers : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        if (authorizeResult.Succeeded || (context.GetEndpoint() is null && !isApi))
        {
            await next(context); // no endpoint: nothing to guard, and a mistyped address is a 404, not a sign-in
            return;
        }

        // An ended session still authenticates, as nobody; see SessionCheck.
        var known = context.User.Identity?.IsAuthenticated is true;
        if (isApi)
        {
            if (context.GetEndpoint() is null)
            {
                await Problems.WriteAsync(context, SecurityErrors.NotFound);
                return;
            }

            var refusal = context.Features.Get<CallerRefusal>()?.Error ?? SecurityErrors.NotAuthenticated;
            if (!known && refusal.Kind is ErrorKind.Unauthenticated)
            {
                context.Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
            }

            await Problems.WriteAsync(context, !known
                ? refusal
                : LacksSecondFactor(authorizeResult) ? SecurityErrors.TwoFactorEnrolmentRequired
                : NotInSight(authorizeResult) ? ReportErrors.NotFound
                : SecurityErrors.NotAllowed);
            return;
        }

        if (!known)
        {
            // After a form was sent, back to its page: the query names the form's handler, and no page.
            var asked = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString : context.Request.Path.Value!;
            context.Response.Redirect("/staff/sign-in" + QueryString.Create("back", asked));
        }
        else if (LacksSecondFactor(authorizeResult))
        {
            context.Response.Redirect("/staff/account");
        }
        else
        {
            context.Response.StatusCode = NotInSight(authorizeResult) ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        }
    }

    private static bool LacksSecondFactor(PolicyAuthorizationResult result) =>
        result.AuthorizationFailure?.FailedRequirements.Any(r => r is Policies.SecondFactor) is true
        && result.AuthorizationFailure.FailedRequirements.All(r => r is Policies.SecondFactor or Policies.ReportInSight);

    /// <summary>Told like a report that was never filed.</summary>
    private static bool NotInSight(PolicyAuthorizationResult result) =>
        result.AuthorizationFailure?.FailedRequirements.Any() is true
        && result.AuthorizationFailure.FailedRequirements.All(r => r is Policies.ReportInSight);
}
