using System.Net;
using FluentValidation;
using Microsoft.Extensions.Options;
using ReportIntake.Domain.Webhooks;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>What an address of a receiver may look like. Where its name leads is checked at every connection.</summary>
public sealed class ReceiverUrl(ReceiverAddresses addresses, IOptions<WebhookOptions> options)
{
    public void Rules<T>(IRuleBuilder<T, string?> rule) => rule
        .NotEmpty().WithErrorCode("required").WithMessage("The field is required.")
        .MaximumLength(Webhook.UrlMaxLength).WithErrorCode("too_long").WithMessage($"At most {Webhook.UrlMaxLength} characters.")
        .Must(url => Parse(url) is not null).WithErrorCode("webhook_url_invalid").WithMessage("An absolute https address without a user's name and without a fragment.")
        .Must(url => Parse(url) is not { } uri || uri.Scheme == Uri.UriSchemeHttps || options.Value.AllowHttp)
        .WithErrorCode("webhook_url_insecure").WithMessage("The address must begin with https.")
        .Must(url => !IsRefused(Parse(url))).WithErrorCode("webhook_address_refused").WithMessage("Private, local and special addresses are not called.");

    /// <summary>Null where it is none.</summary>
    public static Uri? Parse(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0 && uri.Host.Length > 0 && uri.Port > 0
            ? uri
            : null;

    /// <summary>Only where the host is an address; <see cref="Uri"/> has read all its spellings (<c>0x7f.1</c>) by now.</summary>
    private bool IsRefused(Uri? uri) => uri is not null && IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !addresses.Allows(address);
}
