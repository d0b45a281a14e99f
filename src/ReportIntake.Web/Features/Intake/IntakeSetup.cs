using ReportIntake.Domain.Calendar;
using ReportIntake.Domain.Triage;
using ReportIntake.Web.Features.Intake.SubmitReport;
using ReportIntake.Web.Features.Intake.TrackReport;
using ReportIntake.Web.Features.Intake.UploadEvidence;

namespace ReportIntake.Web.Features.Intake;

public static class IntakeSetup
{
    /// <summary>The rules and the calendar that come with the program, and what the citizens' use cases share.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddSingleton(_ => RuleSet.Embedded());
        services.AddSingleton(_ => WorkingCalendar.Embedded());
        services.AddScoped<ReportTriage>();
        services.AddScoped<EvidenceIntake>();
        services.AddSingleton<ReferenceNumbers>();
        services.AddScoped<ReceiptLookup>();
        services.AddScoped<ReadReceipt.Query>();
        services.AddSingleton<StateText>();
        services.AddScoped<ProofOfFiling.Query>();

        // The pages.
        services.AddSingleton<DraftSeal>();
        services.AddSingleton<ReceiptTicket>();
        services.AddSingleton<ReportChoices>();
        services.AddScoped<DraftCheck>();
        services.AddScoped<FormEvidence>();
        return services;
    }
}
