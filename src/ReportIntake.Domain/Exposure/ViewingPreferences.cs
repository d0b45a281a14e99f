namespace ReportIntake.Domain.Exposure;

/// <summary>How large media is shown.</summary>
public enum MediaSize
{
    Small,
    Medium,
    Large,
}

/// <summary>How somebody wants evidence to be shown. What is null follows the organisation's setting, also when that changes.</summary>
public sealed class ViewingPreferences
{
    public required Guid StaffId { get; init; }

    /// <summary>Blurred until held.</summary>
    public bool? Blur { get; set; }

    public bool? Grey { get; set; }

    public bool? Muted { get; set; }

    public MediaSize? Size { get; set; }

    /// <summary>Categories that "take the next" does not give to this person.</summary>
    public IReadOnlyList<string> AvoidedCategories
    {
        get => AvoidedCodes.Split(',', StringSplitOptions.RemoveEmptyEntries);
        set => AvoidedCodes = string.Join(',', value);
    }

    /// <summary>The same, as it is stored.</summary>
    public string AvoidedCodes { get; private set; } = "";
}
