using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReportIntake.Domain.Triage;

namespace ReportIntake.Domain.Calendar;

/// <summary>
/// Working days in Indonesia: Monday to Friday but for public holidays and joint leave (cuti bersama), which closes
/// government offices too (joint decree of three ministers, SKB 3 Menteri, every year). Local days have a fixed
/// offset: Indonesia has no summer time.
/// </summary>
public sealed class WorkingCalendar
{
    /// <summary>Western Indonesia, UTC+7: Jakarta.</summary>
    public static readonly TimeSpan Wib = TimeSpan.FromHours(7);

    /// <summary>Central Indonesia, UTC+8: Makassar, Denpasar.</summary>
    public static readonly TimeSpan Wita = TimeSpan.FromHours(8);

    /// <summary>Eastern Indonesia, UTC+9: Jayapura.</summary>
    public static readonly TimeSpan Wit = TimeSpan.FromHours(9);

    /// <summary>The longest an immediate report may take to reach the police (domain rule: 15 minutes, round the clock).</summary>
    public static readonly TimeSpan ImmediateTarget = TimeSpan.FromMinutes(15);

    /// <summary>The same for an urgent report: 24 hours, round the clock.</summary>
    public static readonly TimeSpan UrgentTarget = TimeSpan.FromHours(24);

    /// <summary>The same for a non-urgent report, in working days.</summary>
    public const int NonUrgentTargetDays = 3;

    private static readonly JsonSerializerOptions FileFormat = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private static readonly Lazy<WorkingCalendar> OfProgram = new(() => Embedded());

    private readonly FrozenSet<DateOnly> daysOff;
    private readonly FrozenSet<int> years;
    private readonly TimeSpan offset;

    private WorkingCalendar(HolidayFile file, TimeSpan offset)
    {
        this.offset = offset;
        Version = file.Version;
        years = file.Years.Select(y => y.Year).ToFrozenSet();
        daysOff = file.Years.SelectMany(y => y.Holidays.Keys.Concat(y.JointLeave.Keys)).ToFrozenSet();
    }

    /// <summary>The holidays that come with the program, western time.</summary>
    public static WorkingCalendar Default => OfProgram.Value;

    /// <summary>Version of the holiday data.</summary>
    public string Version { get; }

    /// <summary>The holidays that come with the program.</summary>
    /// <param name="offset">The local zone's offset from UTC; <see cref="Wib"/> when null.</param>
    public static WorkingCalendar Embedded(TimeSpan? offset = null)
    {
        using var file = typeof(WorkingCalendar).Assembly.GetManifestResourceStream("ReportIntake.Domain.Calendar.holidays.json")!;
        return Load(file, offset);
    }

    /// <summary>Holidays from a file of the same shape as <c>Calendar/holidays.json</c>.</summary>
    /// <exception cref="InvalidDataException">The file is not such a file; the message says where it goes wrong.</exception>
    public static WorkingCalendar Load(Stream file, TimeSpan? offset = null)
    {
        try
        {
            var holidays = JsonSerializer.Deserialize<HolidayFile>(file, FileFormat);
            if (holidays is null || holidays.Years.Any(y => y is null))
            {
                throw new InvalidDataException("The holiday file is empty or has a year that is null.");
            }

            foreach (var (year, date) in holidays.Years.SelectMany(y => y.Holidays.Keys.Concat(y.JointLeave.Keys).Select(d => (y.Year, d))))
            {
                if (date.Year != year)
                {
                    throw new InvalidDataException($"The holiday file lists {date:yyyy-MM-dd} under the year {year}.");
                }
            }

            return new WorkingCalendar(holidays, offset ?? Wib);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The holiday file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether the holidays of a year are known. Of other years only the weekends are.</summary>
    public bool Covers(int year) => years.Contains(year);

    public bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !daysOff.Contains(day);

    /// <summary>Whether the local day of that moment is a working day.</summary>
    public bool IsWorkingDay(DateTimeOffset moment) => IsWorkingDay(LocalDay(moment));

    /// <summary>
    /// The same local time of day on the <paramref name="days"/>-th working day after the local day of <paramref name="from"/>,
    /// which itself never counts. UTC. With 0 days: <paramref name="from"/>.
    /// </summary>
    public DateTimeOffset AddWorkingDays(DateTimeOffset from, int days) => AddWorkingDays(from, days, offset);

    /// <inheritdoc cref="AddWorkingDays(DateTimeOffset, int)"/>
    /// <param name="zone">The local zone's offset from UTC, where it is not this calendar's.</param>
    public DateTimeOffset AddWorkingDays(DateTimeOffset from, int days, TimeSpan zone)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        var start = DateOnly.FromDateTime(from.ToOffset(zone).DateTime);
        var day = start;
        while (days > 0)
        {
            day = day.AddDays(1);
            days -= IsWorkingDay(day) ? 1 : 0;
        }

        return from.ToUniversalTime().AddDays(day.DayNumber - start.DayNumber);
    }

    /// <summary>When a report of that tier must be with the police. UTC.</summary>
    /// <param name="areaCode">Its place, for the zone whose days are counted (<see cref="AreaTime"/>); null for this calendar's own.</param>
    public DateTimeOffset DueAt(Tier tier, DateTimeOffset submittedAt, string? areaCode = null) => tier switch
    {
        Tier.Immediate => submittedAt.ToUniversalTime() + ImmediateTarget,
        Tier.Urgent => submittedAt.ToUniversalTime() + UrgentTarget,
        Tier.NonUrgent => AddWorkingDays(submittedAt, NonUrgentTargetDays, areaCode is null ? offset : AreaTime.Of(areaCode)),
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "Not a tier."),
    };

    private DateOnly LocalDay(DateTimeOffset moment) => DateOnly.FromDateTime(moment.ToOffset(offset).DateTime);

    private sealed record HolidayFile(string Version, IReadOnlyList<HolidayYear> Years);

    /// <param name="Year">The calendar year; every date is in it.</param>
    /// <param name="Source">The decree.</param>
    /// <param name="Provisional">The decree is not out yet or not known.</param>
    /// <param name="Holidays">Public holidays by date.</param>
    /// <param name="JointLeave">Joint leave by date.</param>
    private sealed record HolidayYear(
        int Year,
        string Source,
        bool Provisional,
        IReadOnlyDictionary<DateOnly, string> Holidays,
        IReadOnlyDictionary<DateOnly, string> JointLeave);
}
