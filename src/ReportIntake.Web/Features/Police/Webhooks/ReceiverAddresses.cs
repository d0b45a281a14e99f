using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ReportIntake.Web.Features.Police.Webhooks;

/// <summary>
/// Which addresses may be called: those of the public Internet, and those that the operator has allowed. A client chooses
/// the host, so that everything else would let it reach into our own network (server-side request forgery).
/// Source: IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890).
/// </summary>
public sealed class ReceiverAddresses(IOptions<WebhookOptions> options)
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>All that is public lies here; translations (64:ff9b::/96), local and multicast addresses do not.</summary>
    private static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");

    /// <summary>2001::/23 holds Teredo and other protocols' own; 2002::/16 carries an IPv4 address of anybody's choice.</summary>
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(n => IPNetwork.Parse(n))];

    private readonly IPNetwork[] allowed = [.. options.Value.AllowedNetworks.Select(n => IPNetwork.Parse(n))];

    public bool Allows(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return Array.Exists(allowed, n => n.Contains(address)) || (address.AddressFamily is AddressFamily.InterNetwork
            ? !Array.Exists(SpecialV4, n => n.Contains(address))
            : PublicV6.Contains(address) && !Array.Exists(SpecialV6, n => n.Contains(address)));
    }

    /// <summary>
    /// Connects to an address of the host that may be called. Resolved here and nowhere else, so that the address that was
    /// checked is the address that is called, whatever the name leads to a moment later.
    /// </summary>
    /// <exception cref="AddressRefusedException">The name leads to none.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var resolved = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var addresses = resolved.Where(Allows).ToArray();
        if (addresses.Length == 0)
        {
            throw new AddressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The host's name leads to no address that may be called.</summary>
public sealed class AddressRefusedException() : IOException("The receiver's address may not be called.");
