using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Security;

/// <summary>
/// Who may call a route. Each route names one of these or allows anonymous callers on purpose; a route that says nothing
/// is closed to everybody. Police scopes (<see cref="PoliceScopes"/>) are policies under their own names.
/// </summary>
public static class Policies
{
    /// <summary>Moderators, and supervisors, who may do all that a moderator may.</summary>
    public const string Moderator = "moderator";
    public const string Supervisor = "supervisor";
    public const string EvidenceCustodian = "evidence_custodian";

    /// <summary>Accounts, clients and settings; opens no content.</summary>
    public const string Admin = "admin";

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
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build())
            .SetDefaultPolicy(OfStaff(StaffRoles.All))
            .AddPolicy(Staff, OfStaff(StaffRoles.All))
            .AddPolicy(Moderator, OfStaff([StaffRoles.Moderator, StaffRoles.Supervisor]))
            .AddPolicy(Supervisor, OfStaff([StaffRoles.Supervisor]))
            .AddPolicy(EvidenceCustodian, OfStaff([StaffRoles.EvidenceCustodian]))
            .AddPolicy(Admin, OfStaff([StaffRoles.Admin]))
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
            options.Conventions.AuthorizeFolder("/Moderation", Moderator);
            options.Conventions.AuthorizeFolder("/Moderation/TeamView", Supervisor);
            options.Conventions.AuthorizeFolder("/Administration/Staff", Admin);
            options.Conventions.AuthorizeFolder("/Administration/Clients", Admin);
            options.Conventions.AuthorizeFolder("/Administration/Account", OwnAccount);
            options.Conventions.AllowAnonymousToPage("/Administration/Account/SignIn");
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
