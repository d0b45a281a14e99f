namespace ReportIntake.Domain.Triage;

/// <summary>How soon a report must be with the police. Ordered: a smaller value is more pressing.</summary>
public enum Tier
{
    /// <summary>With the police within 15 minutes, round the clock.</summary>
    Immediate = 0,

    /// <summary>Within 24 hours.</summary>
    Urgent = 1,

    /// <summary>Within 3 working days.</summary>
    NonUrgent = 2,
}
