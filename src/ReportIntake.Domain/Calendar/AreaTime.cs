namespace ReportIntake.Domain.Calendar;

/// <summary>Which of Indonesia's three zones a place keeps (Presidential Decree 41 of 1987; the provinces made since keep that of the one they were cut from).</summary>
public static class AreaTime
{
    /// <summary>The offset from UTC of a province ("51") or regency ("51.71") by its official code; western time where the code tells nothing.</summary>
    public static TimeSpan Of(string? areaCode) => areaCode switch
    {
        // Bali and Nusa Tenggara; South, East and North Kalimantan; Sulawesi.
        ['5', ..] or ['6', '3' or '4' or '5', ..] or ['7', ..] => WorkingCalendar.Wita,

        // Maluku and Papua.
        ['8' or '9', ..] => WorkingCalendar.Wit,
        _ => WorkingCalendar.Wib,
    };
}
