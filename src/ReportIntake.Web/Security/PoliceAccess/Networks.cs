using System.Net;

namespace ReportIntake.Web.Security.PoliceAccess;

/// <summary>Networks as operators write them: <c>10.1.0.0/16</c>, <c>2001:db8::/32</c>, or one address.</summary>
public static class Networks
{
    /// <summary>Stands for whoever is at the other end of the Unix socket, which has no address.</summary>
    public const string Unix = "unix";

    /// <returns>Null where it is none. Bits beyond the prefix are refused: 10.0.0.1/8 is more likely a slip than a wish for 10.0.0.0/8.</returns>
    public static IPNetwork? Read(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(text[..text.IndexOf('/', StringComparison.Ordinal)], out var start) && start.Equals(network.BaseAddress)
            ? network
            : null;
    }

    public static bool IsNetwork(string text) => Read(text) is not null;

    public static bool IsPeer(string text) => text == Unix || IsNetwork(text);

    /// <summary>Whether an address is in one of them. No address, which is what a Unix socket has, is in <see cref="Unix"/> alone.</summary>
    public static bool Contain(IEnumerable<string> networks, IPAddress? address)
    {
        if (address is null)
        {
            return networks.Contains(Unix);
        }

        // A socket for both families names an IPv4 peer ::ffff:192.0.2.1.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(text => Read(text) is { } network && network.Contains(plain));
    }
}
