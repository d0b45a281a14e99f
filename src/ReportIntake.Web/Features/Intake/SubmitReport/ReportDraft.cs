using System.Text.Json.Serialization;
using ReportIntake.Domain;
using ReportIntake.Domain.Reports;
using ReportIntake.Web.Features.Intake.UploadEvidence;
using ReportIntake.Web.Features.Shared;
using ReportIntake.Web.Features.Shared.Catalogue;
using ReportIntake.Web.Features.Shared.Forms;

namespace ReportIntake.Web.Features.Intake.SubmitReport;

/// <summary>The pages of the form, in their order. <see cref="Check"/> asks nothing: it shows the answers.</summary>
public enum Step
{
    What,
    Tell,
    Facts,
    Files,
    Contact,
    Check,
}

/// <summary>
/// The answers so far, exactly as typed: what is wrong is kept too, so that nobody has to type it again. It travels in the
/// page, sealed by <see cref="DraftSeal"/>; nothing of it is kept here or on the device before the report is sent.
/// </summary>
public sealed record ReportDraft
{
    public WhatInput What { get; init; } = new();

    public TellInput Tell { get; init; } = new();

    public FactsInput Facts { get; init; } = new();

    public IReadOnlyList<ArrivedFile> Files { get; init; } = [];

    public ContactInput Contact { get; init; } = new();

    /// <summary>The answers have been shown once: each correction leads back to them at once.</summary>
    public bool Reviewed { get; init; }

    /// <summary>Made when the answers are shown. Sent twice from there, they are one report.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>True where the category chosen asks the question; before one is chosen, nothing is asked.</summary>
    public bool Asks(ReportCatalogue catalogue, string question) => catalogue.Category(What.Category)?.Asks.Contains(question) == true;

    /// <summary>The report to file. Answers to questions that the category does not ask are left out.</summary>
    /// <param name="unknownAccount">Stands as the note of an account of which only the platform is known.</param>
    public SubmitReport.Command ToCommand(ReportCatalogue catalogue, string unknownAccount, string language)
    {
        var victim = Asks(catalogue, "victim");
        return new SubmitReport.Command
        {
            Category = Text(What.Category),
            Description = Text(Tell.Description),
            Language = language,
            Stage = Asks(catalogue, "stage") ? Text(Facts.Stage) : null,
            Incident = Incident(catalogue),
            Subjects = [.. Tell.Subjects.Where(s => !s.IsEmpty).Select(s => s.ToPart(unknownAccount))],
            Victim = new SubmitReport.VictimPart(
                victim && EnumNames.TryParse<AgeBand>(Facts.AgeBand, out var age) ? age : null,
                EnumNames.TryParse<Danger>(What.DangerNow, out var danger) ? danger : null,
                victim ? Facts.Who == FactsInput.Me : null),
            Reporter = Contact.IsEmpty ? null : new SubmitReport.ReporterPart(Text(Contact.Name), Text(Contact.Phone), Text(Contact.Email)),
            UploadIds = [.. Files.Select(f => f.Id)],
            IdempotencyKey = IdempotencyKey,
        };
    }

    private SubmitReport.IncidentPart Incident(ReportCatalogue catalogue)
    {
        var area = Asks(catalogue, "place") ? Facts.AreaCode : null;
        var offset = IndonesianTime.OffsetOf(area);
        return new SubmitReport.IncidentPart(
            Asks(catalogue, "time") && Facts.OccurredAt.TryRead(offset, out var occurred) ? occurred : null,
            OccurredTo: null,
            Asks(catalogue, "time") && Facts.When == FactsInput.Ongoing,
            Asks(catalogue, "meeting") && Facts.ExpectedAt.TryRead(offset, out var expected) ? expected : null,
            area,
            Asks(catalogue, "place") ? Text(Facts.Place) : null);
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

public sealed record WhatInput
{
    public string? Category { get; init; }

    /// <summary><see cref="Danger"/> by its name outside the program.</summary>
    public string? DangerNow { get; init; }
}

public sealed record TellInput
{
    public string? Description { get; init; }

    /// <summary>Always one at least, empty where none is told.</summary>
    public List<SubjectInput> Subjects { get; init; } = [new()];

    /// <summary>Without lines that were left empty.</summary>
    public TellInput WithoutEmpty() => this with { Subjects = Subjects.Where(s => !s.IsEmpty).DefaultIfEmpty(new SubjectInput()).Take(Subject.MaxPerReport).ToList() };
}

/// <summary>One account: what people know of it, which is a name or a link, and perhaps a number.</summary>
public sealed record SubjectInput
{
    public string? Platform { get; init; }

    /// <summary>A name or a link; people do not tell them apart, <see cref="ToPart"/> does.</summary>
    public string? Account { get; init; }

    public string? Phone { get; init; }

    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrWhiteSpace(Platform + Account + Phone);

    [JsonIgnore]
    public bool IsLink => Account is { } a && (a.Contains("://", StringComparison.Ordinal)
        || a.TrimStart().StartsWith("www.", StringComparison.OrdinalIgnoreCase)
        || (a.Contains('.', StringComparison.Ordinal) && a.Contains('/', StringComparison.Ordinal) && !a.Contains(' ', StringComparison.Ordinal)));

    public SubmitReport.SubjectPart ToPart(string unknownAccount)
    {
        var account = string.IsNullOrWhiteSpace(Account) ? null : Account.Trim();
        var phone = string.IsNullOrWhiteSpace(Phone) ? null : Phone.Trim();
        return new SubmitReport.SubjectPart(
            string.IsNullOrWhiteSpace(Platform) ? null : Platform,
            IsLink ? null : account,
            IsLink ? account : null,
            phone,
            account is null && phone is null ? unknownAccount : null);
    }
}

public sealed record FactsInput
{
    public const string Me = "me";
    public const string Ongoing = "ongoing";

    public string? Who { get; init; }

    /// <summary><see cref="Domain.Reports.AgeBand"/> by its name outside the program.</summary>
    public string? AgeBand { get; init; }

    public DateTimeInput ExpectedAt { get; init; } = new();

    public string? When { get; init; }

    public DateTimeInput OccurredAt { get; init; } = new();

    public string? Stage { get; init; }

    public string? Province { get; init; }

    public string? Regency { get; init; }

    public string? Place { get; init; }

    /// <summary>The regency, if it lies in the province chosen; else the province.</summary>
    [JsonIgnore]
    public string? AreaCode =>
        string.IsNullOrWhiteSpace(Province) ? null
        : Regency?.StartsWith(Province + ".", StringComparison.Ordinal) == true ? Regency
        : Province;
}

public sealed record ContactInput
{
    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    [JsonIgnore]
    public bool IsEmpty => string.IsNullOrWhiteSpace(Name + Phone + Email);
}
