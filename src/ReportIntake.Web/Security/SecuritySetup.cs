using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security.OpenIdConnect;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Security;

public static class SecuritySetup
{
    /// <summary>Chooses by the <c>Authorization</c> header: an API key, a token of a configured issuer, a staff token, or the staff cookie where there is none.</summary>
    private const string ByHeader = "ByHeader";

    /// <summary>Key ring, staff accounts, police clients, policies.</summary>
    public static IServiceCollection AddSecurity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StaffOptions>().BindConfiguration("Staff")
            .Validate(o => o.IdleTimeout > TimeSpan.Zero && o.AccessTokenLifetime > TimeSpan.Zero, "Staff:IdleTimeout and Staff:AccessTokenLifetime must be positive.")
            .Validate(o => o.OpenIdConnect.IsValid, "Staff:OpenIdConnect needs an Authority that is an https address (http on loopback only), a ClientId and a Name.")
            .ValidateOnStart();
        services.AddKeyRing().AddKeyRingCertificate(configuration).AddStaffAccounts().AddSchemes().AddPoliceAccess().AddPolicies();
        services.AddSingleton<Secrets>();
        services.AddSingleton<ReceiptHasher>();
        services.AddSingleton<IdentitySeal>();
        services.AddHostedService<SecretsAtStart>();
        return services;
    }

    /// <summary>Who is calling, may this come from another site, may they do this; in that order, and the rate limit between.</summary>
    public static IApplicationBuilder UseSecurity(this IApplicationBuilder app) => app
        .UseAuthentication()
        .UseMiddleware<CrossSiteRefusal>()
        .UseRateLimiter()
        .UseMiddleware<RateLimitFields>()
        .UseAuthorization();

    /// <summary>How police systems show who they are.</summary>
    private static IServiceCollection AddPoliceAccess(this IServiceCollection services)
    {
        services.AddOptions<PoliceAccessOptions>().BindConfiguration("Police").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PoliceAccessOptions>, PoliceAccessOptionsValidator>();
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<PoliceAdmission>();
        services.AddSingleton<IssuerKeys>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddHttpClient(IssuerKeys.HttpClientName, client => client.MaxResponseContentBufferSize = 256 * 1024)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = IssuerKeys.Timeout });
        return services;
    }

    private static IServiceCollection AddStaffAccounts(this IServiceCollection services)
    {
        services.AddIdentityCore<StaffMember>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = ""; // the user name is the e-mail address, checked as one
                options.Password.RequiredLength = StaffPasswords.MinLength;
                options.Password.RequireDigit = options.Password.RequireLowercase = false;
                options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
                options.Lockout.MaxFailedAccessAttempts = 10;
                options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<ReportIntakeDbContext>()
            .AddPasswordValidator<CommonPasswords>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.AddHttpContextAccessor();
        services.AddScoped<StaffSessions>();
        services.AddScoped<SignInAttempts>();
        services.AddScoped<AuthenticatorCodes>();
        services.AddScoped<StaffSignIn>();
        services.AddScoped<IClaimsTransformation, SessionCheck>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.UserVerificationRequirement = "required"; // so that a passkey is two factors: the device, and its owner's finger or PIN
            options.ResidentKeyRequirement = "required"; // so that it signs in without an address, which would tell who has an account
            options.ValidateOrigin = context => ValueTask.FromResult(Passkeys.IsOwnOrigin(context));
        });
        services.AddScoped<Passkeys>();
        services.AddScoped<SecondFactors>();
        services.AddSingleton<ProviderSignIn>();
        services.AddScoped<ProviderAccounts>();
        services.AddSingleton<HandshakeCookie>();
        return services;
    }

    private static IServiceCollection AddSchemes(this IServiceCollection services)
    {
        var schemes = services.AddAuthentication(ByHeader);
        schemes.AddPolicyScheme(ByHeader, null, options => options.ForwardDefaultSelector = context =>
        {
            var header = context.Request.Headers.Authorization.ToString();
            return header.StartsWith(ApiKeyAuthentication.HeaderStart, StringComparison.OrdinalIgnoreCase) ? ApiKeyAuthentication.SchemeName
                : TokenAuthentication.IsToken(header) ? TokenAuthentication.SchemeName
                : header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? IdentityConstants.BearerScheme
                : IdentityConstants.ApplicationScheme;
        });
        schemes.AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        schemes.AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        schemes.AddBearerToken(IdentityConstants.BearerScheme);
        schemes.AddIdentityCookies();
        services.AddOptions<BearerTokenOptions>(IdentityConstants.BearerScheme).Configure<IOptions<StaffOptions>>((options, staff) =>
        {
            options.BearerTokenExpiration = staff.Value.AccessTokenLifetime;
            options.RefreshTokenExpiration = staff.Value.IdleTimeout;
        });
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).Configure<IOptions<StaffOptions>>((options, staff) =>
        {
            Strict(options, "ri-staff");
            options.ExpireTimeSpan = staff.Value.IdleTimeout;
            options.SlidingExpiration = true;
            options.Events.OnValidatePrincipal = _ => Task.CompletedTask; // SessionCheck does it, at every request
        });
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, options => Strict(options, "ri-staff-step"));
        return services;
    }

    private static void Strict(CookieAuthenticationOptions options, string name)
    {
        options.Cookie.Name = name;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.CookieManager = new HostPrefixedCookies();
    }
}
