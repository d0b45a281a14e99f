using ReportIntake.Web;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
builder.Services.AddSingleton<TimeProvider, MicrosecondClock>();
builder.Services.AddLocalization();
builder.Services
    .AddErrorHandling()
    .AddPersistence(builder.Configuration)
    .AddUseCases()
    .AddJobs(builder.Configuration);

var app = builder.Build();
await app.Services.MigrateAtStartAsync();
app.UseExceptionHandler();
app.MapGet("/health/live", () => TypedResults.Ok());
app.Run();
