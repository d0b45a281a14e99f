using ReportIntake.Web;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Features.Intake.Catalogue;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.Security;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
builder.Services.AddSingleton<TimeProvider, MicrosecondClock>();
builder.Services
    .AddErrorHandling()
    .AddPersistence(builder.Configuration)
    .AddUseCases()
    .AddPages()
    .AddCatalogue()
    .AddJobs(builder.Configuration);

var app = builder.Build();
await app.Services.MigrateAtStartAsync();
app.UseSecurityHeaders();
app.UseRequestLocalization();
app.UseExceptionHandler();
app.MapPages();
app.MapCatalogue();
app.MapGet("/health/live", () => TypedResults.Ok());
app.Run();
