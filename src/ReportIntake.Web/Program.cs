using ReportIntake.Web;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Intake.UploadEvidence;
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
    .AddEvidenceStore()
    .AddUploads();
builder.Services.AddSingleton<OutboxSignal>();
builder.Services.AddScoped<RemoveExpiredUploads>();

var app = builder.Build();
await app.Services.MigrateAtStartAsync();
app.UseExceptionHandler();
app.MapGet("/health/live", () => TypedResults.Ok());
app.MapUploads();
app.Run();
