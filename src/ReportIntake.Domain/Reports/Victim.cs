using System.Text.Json.Serialization;

namespace ReportIntake.Domain.Reports;

public enum AgeBand
{
    Unknown,

    [JsonStringEnumMemberName("under_13")]
    Under13,

    [JsonStringEnumMemberName("13_17")]
    From13To17,

    Adult,
}

public enum Danger
{
    Unknown,
    Yes,
    No,
}

/// <summary>What is known of the person at risk. Never a name.</summary>
public sealed record Victim(AgeBand AgeBand = AgeBand.Unknown, Danger DangerNow = Danger.Unknown, bool IsReporter = false);
