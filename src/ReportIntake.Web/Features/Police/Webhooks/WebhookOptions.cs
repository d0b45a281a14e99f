using System.ComponentModel.DataAnnotations;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Take <c>http</c> addresses too: for receivers behind a tunnel that encrypts by itself, and for tests.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>Networks (<c>10.20.0.0/16</c>) of receivers that are not on the public Internet, such as a government intranet. None by default.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>Receivers that one node calls at a time.</summary>
    [Range(1, 512)]
    public int Concurrency { get; set; } = 32;

    /// <summary>From the first packet to the receiver's status line.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a receiver stays with a node that has died. At least twice <see cref="Timeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long what was delivered or given up stays in the log.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepLog { get; set; } = TimeSpan.FromDays(30);
}
