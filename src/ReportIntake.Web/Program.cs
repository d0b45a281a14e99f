using ReportIntake.Web;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Administration;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.Security;
using ReportIntake.Web.Verbs;

var isVerb = CommandLine.IsVerb(args);
var builder = WebApplication.CreateBuilder(isVerb ? [] : args);
if (isVerb)
{
    builder.Logging.UseStandardError();
}

builder.Services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
builder.Services.AddSingleton<TimeProvider, MicrosecondClock>();
builder.Services.AddLocalization();
builder.Services.AddRazorPages(options => options.RootDirectory = "/Features");
builder.Services
    .AddErrorHandling()
    .AddPersistence(builder.Configuration)
    .AddSecurity()
    .AddRateLimits()
    .AddUseCases();
builder.Services.AddSingleton<OutboxSignal>();

var app = builder.Build();
if (isVerb)
{
    return await CommandLine.RunAsync(args, app.Services);
}

await app.Services.MigrateAtStartAsync();
app.UseExceptionHandler();
app.UseSecurity();
app.MapGet("/health/live", () => TypedResults.Ok()).AllowAnonymous();
app.MapAdministration();
app.MapRazorPages();
await app.RunAsync();
return 0;
