using ReportIntake.Domain.Exposure;

namespace ReportIntake.Web.Features.Moderation.Exposure;

/// <summary>Section <c>Desk:Viewing</c>: how revealed media is shown to whoever has not chosen otherwise.</summary>
public sealed class ViewingOptions
{
    /// <summary>Blurred until held.</summary>
    public bool Blur { get; set; } = true;

    public bool Grey { get; set; } = true;

    /// <summary>Videos start without sound.</summary>
    public bool Muted { get; set; } = true;

    public MediaSize Size { get; set; } = MediaSize.Small;
}
