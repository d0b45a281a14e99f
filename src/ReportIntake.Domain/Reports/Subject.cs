using ReportIntake.Domain.Linking;

namespace ReportIntake.Domain.Reports;

/// <summary>A reported person or account. At least one of handle, address, phone or note is given.</summary>
public sealed class Subject
{
    public const int MaxPerReport = 20;
    public const int HandleMaxLength = 200;
    public const int UrlMaxLength = 2000;
    public const int PhoneMaxLength = 40;
    public const int NoteMaxLength = 1000;

    private Subject()
    {
    }

    public Subject(string? platform, string? handle, string? url, string? phone, string? note)
    {
        Id = Guid.NewGuid();
        (Platform, Handle, Url, Phone, Note) = (platform, handle, url, phone, note);
    }

    public Guid Id { get; private set; }

    public string? Platform { get; private set; }

    public string? Handle { get; private set; }

    public string? Url { get; private set; }

    public string? Phone { get; private set; }

    public string? Note { get; private set; }

    /// <summary>What identifies this subject, as typed and normalised; each identifier once.</summary>
    public IEnumerable<Indicator> Indicators() => Named().DistinctBy(i => (i.Kind, i.Normalised));

    private IEnumerable<Indicator> Named() =>
    [
        .. Handle is { } handle ? [Indicator.OfHandle(Platform, handle)] : Array.Empty<Indicator>(),
        .. Url is { } url ? Indicator.AllOfUrl(url) : [],
        .. Phone is { } phone ? [Indicator.OfPhone(phone)] : Array.Empty<Indicator>(),
        .. Note is { } note ? IndicatorsInText.Find(note) : [],
    ];
}
