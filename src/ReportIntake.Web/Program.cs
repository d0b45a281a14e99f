using ReportIntake.Web;
using ReportIntake.Web.ErrorHandling;
using ReportIntake.Web.Evidence.Recognition;
using ReportIntake.Web.Evidence.Screening;
using ReportIntake.Web.Evidence.Store;
using ReportIntake.Web.Features.Administration;
using ReportIntake.Web.Features.Administration.Clients;
using ReportIntake.Web.Features.Administration.HashLists;
using ReportIntake.Web.Features.Administration.Ledger;
using ReportIntake.Web.Features.Intake;
using ReportIntake.Web.Features.Intake.Catalogue;
using ReportIntake.Web.Features.Intake.TrackReport;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Features.Moderation;
using ReportIntake.Web.Features.Police;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Errors;
using ReportIntake.Web.Features.Statistics;
using ReportIntake.Web.Health;
using ReportIntake.Web.Jobs;
using ReportIntake.Web.OpenApi;
using ReportIntake.Web.Persistence;
using ReportIntake.Web.Pipeline;
using ReportIntake.Web.RateLimiting;
using ReportIntake.Web.RequestBuffers;
using ReportIntake.Web.Security;
using ReportIntake.Web.Settings;
using ReportIntake.Web.Telemetry;
using ReportIntake.Web.Verbs;

var isVerb = CommandLine.IsVerb(args);
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = isVerb ? [] : args,

    // Settings and pages come with the program, wherever it is started from.
    ContentRootPath = AppContext.BaseDirectory,
});
if (isVerb)
{
    builder.Logging.UseStandardError();
}

builder.Configuration.AddSecretFiles();
var mistakes = SettingMistakes.OfNamesAndValues(builder.Configuration);
builder.Services.AddOptions<DataDirectoryOptions>().BindConfiguration("ReportIntake");
builder.Services.AddSingleton<TimeProvider, MicrosecondClock>();
builder.Services
    .AddErrorHandling()
    .AddHealth(builder.Configuration)
    .AddPersistence(builder.Configuration)
    .AddProxy()
    .AddSecurity(builder.Configuration)
    .AddRateLimits()
    .AddRequestBuffers()
    .AddTelemetry(builder.Configuration)
    .AddUseCases()
    .AddJobs(builder.Configuration)
    .AddEvidenceStore()
    .AddScreening(builder.Configuration)
    .AddRecognition()
    .AddPages()
    .AddCatalogue()
    .AddUploads()
    .AddIntake()
    .AddModeration()
    .AddPolice()
    .AddStatistics()
    .AddOpenApiDocument();

var app = builder.Build();
mistakes = [.. mistakes, .. SettingMistakes.OfRules(app.Services)];
if (mistakes.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, mistakes));
    return 1;
}

if (isVerb)
{
    return await CommandLine.RunAsync(args, app.Services);
}

await app.Services.MigrateAtStartAsync();
if (app.Services.KeyRingMistake() is { } closed)
{
    await Console.Error.WriteLineAsync(closed);
    return 1;
}

app.UseProxy();
app.UseRequestSpans();
app.UseSecurityHeaders();
app.UseRequestLocalization();
app.UseErrorPages();
app.UseRequestRefusals();
app.UseSecurity();
app.UseReceipts();
app.MapHealth();
if (app.Configuration.GetValue("Role", NodeRole.All) is NodeRole.Worker)
{
    await app.RunAsync();
    return 0;
}

app.MapPages();
app.MapCatalogue();
app.MapUploads();
app.MapIntake();
app.MapModeration();
app.MapPolice();
app.MapStatistics();
app.MapAdministration();
app.MapClients();
app.MapHashLists();
app.MapLedger();
app.MapJobs();
app.MapOpenApiDocument();
await app.RunAsync();
return 0;
