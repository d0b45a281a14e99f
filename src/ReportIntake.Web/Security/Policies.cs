using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;

namespace ReportIntake.Web.Security;

/// <summary>
/// Who may call a route. Each route names one of these or allows anonymous callers on purpose; a route that says nothing
/// is closed to everybody. Police scopes (<see cref="PoliceScopes"/>) are policies under their own names.
/// </summary>
public static class Policies
{
    /// <summary>Moderators of both sorts, and supervisors, who may do all that a moderator may. Of reports only those that <see cref="StaffOptions.RestrictChildSafety"/> leaves them.</summary>
    public const string Moderator = "moderator";
    public const string Supervisor = "supervisor";
    public const string EvidenceCustodian = "evidence_custodian";

    /// <summary>Accounts, clients and settings; opens no content.</summary>
    public const string Admin = "admin";

    /// <summary>The custody ledger, to read: auditors and admins.</summary>
    public const string Ledger = "ledger";

    /// <summary>Numbers of the whole desk, nothing of a report.</summary>
    public const string Metrics = "metrics";

    /// <summary>Any role.</summary>
    public const string Staff = "staff";

    /// <summary>Any role, the second factor still to be set up: opens the account page and nothing else.</summary>
    public const string OwnAccount = "own_account";

    internal const string AuthenticationMethodClaim = "amr";
    internal const string MultiFactor = "mfa";

    internal static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();
        services.AddSingleton<IAuthorizationHandler, SecondFactorHandler>();
        services.AddScoped<IAuthorizationHandler, ReportInSightHandler>();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build())
            .SetDefaultPolicy(OfStaff(StaffRoles.All))
            .AddPolicy(Staff, OfStaff(StaffRoles.All))
            .AddPolicy(Moderator, new AuthorizationPolicyBuilder().Combine(OfStaff(StaffRoles.Desk)).AddRequirements(new ReportInSight()).Build())
            .AddPolicy(Supervisor, OfStaff([StaffRoles.Supervisor]))
            .AddPolicy(EvidenceCustodian, OfStaff([StaffRoles.EvidenceCustodian]))
            .AddPolicy(Admin, OfStaff([StaffRoles.Admin]))
            .AddPolicy(Ledger, OfStaff([StaffRoles.Auditor, StaffRoles.Admin]))
            .AddPolicy(Metrics, OfStaff([StaffRoles.Supervisor, StaffRoles.Auditor]))
            .AddPolicy(OwnAccount, policy => policy.RequireAuthenticatedUser().RequireRole(StaffRoles.All));
        services.Configure<AuthorizationOptions>(options =>
        {
            foreach (var scope in PoliceScopes.All)
            {
                options.AddPolicy(scope, policy => policy
                    .RequireAuthenticatedUser()
                    .RequireClaim(ApiKeyAuthentication.ClientClaim)
                    .RequireClaim(ApiKeyAuthentication.ScopeClaim, scope));
            }
        });

        // Folders are protected, not single pages. Afterwards, because AddRazorPages begins with an empty list of conventions.
        services.PostConfigure<RazorPagesOptions>(options =>
        {
            options.Conventions.AllowAnonymousToFolder("/Intake");
            options.Conventions.AllowAnonymousToFolder("/Shared");
            options.Conventions.AllowAnonymousToFolder("/Statistics");
            options.Conventions.AddFolderApplicationModelConvention("/Moderation", page => page.EndpointMetadata.Add(
                new AuthorizeAttribute(page.ViewEnginePath.StartsWith("/Moderation/TeamView/", StringComparison.Ordinal) ? Metrics : Moderator)));
            options.Conventions.AuthorizePage("/Moderation/Exposure/Loads", Supervisor);
            options.Conventions.AuthorizeFolder("/Administration/Staff", Admin);
            options.Conventions.AuthorizeFolder("/Administration/Clients", Admin);
            options.Conventions.AuthorizeFolder("/Administration/Account", OwnAccount);
            options.Conventions.AllowAnonymousToPage("/Administration/Account/SignIn");
            options.Conventions.AllowAnonymousToPage("/Administration/Account/Invitation");
            options.Conventions.AllowAnonymousToPage("/Administration/Account/ProviderCallback");
        });
        return services;
    }

    private static AuthorizationPolicy OfStaff(IEnumerable<string> roles) => new AuthorizationPolicyBuilder()
        .RequireAuthenticatedUser()
        .RequireRole(roles)
        .AddRequirements(new SecondFactor())
        .Build();

    /// <summary>The session was opened with a second factor, where <see cref="StaffOptions.RequireTwoFactor"/> asks for it.</summary>
    internal sealed class SecondFactor : IAuthorizationRequirement;

    /// <summary>The report that the route names is there for this person.</summary>
    internal sealed class ReportInSight : IAuthorizationRequirement;

    /// <summary>Tells the database of this request who reads, and refuses a route that names a report which is not there for them.</summary>
    private sealed class ReportInSightHandler(ReportIntakeDbContext database, IOptions<StaffOptions> staff) : AuthorizationHandler<ReportInSight>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, ReportInSight requirement)
        {
            if (staff.Value.SeesChildSafety(context.User))
            {
                context.Succeed(requirement);
                return;
            }

            database.HidesChildSafety = true;
            if (Named(context.Resource as HttpContext) is not { } id || await database.Reports.AnyAsync(r => r.Id == id))
            {
                context.Succeed(requirement);
            }
        }

        private static Guid? Named(HttpContext? context) =>
            context?.GetEndpoint() is RouteEndpoint route
            && route.RoutePattern.RawText!.Contains("reports/{id", StringComparison.Ordinal)
            && Guid.TryParse(context.GetRouteValue("id")?.ToString(), out var id) ? id : null;
    }

    private sealed class SecondFactorHandler(IOptions<StaffOptions> staff) : AuthorizationHandler<SecondFactor>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, SecondFactor requirement)
        {
            if (!staff.Value.RequireTwoFactor || context.User.HasClaim(AuthenticationMethodClaim, MultiFactor))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
