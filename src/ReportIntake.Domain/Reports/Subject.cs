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

    /// <summary>What identifies this subject, as typed and normalised.</summary>
    public IEnumerable<Indicator> Indicators()
    {
        if (Handle is { } handle)
        {
            yield return Indicator.OfHandle(Platform, handle);
        }

        if (Url is { } url)
        {
            yield return Indicator.OfUrl(url);
        }

        if (Phone is { } phone)
        {
            yield return Indicator.OfPhone(phone);
        }
    }
}
