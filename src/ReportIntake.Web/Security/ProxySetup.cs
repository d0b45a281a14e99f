using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using ReportIntake.Web.Security.PoliceAccess;

namespace ReportIntake.Web.Security;

/// <summary>
/// Section <c>Proxy</c>: whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are believed. Nobody's, unless it is
/// said: whoever reached the port directly could otherwise take any address, and with it another's rate limit.
/// </summary>
public sealed class ProxyOptions
{
    /// <summary>Networks (CIDR) of the reverse proxies, or <c>unix</c> for those at the Unix socket. Empty: the headers are ignored.</summary>
    public List<string> TrustedNetworks { get; set; } = [];

    /// <summary>Host names that <c>X-Forwarded-Host</c> may say; empty: the header is ignored, and <c>Host</c> counts.</summary>
    public List<string> AllowedHosts { get; set; } = [];

    /// <summary>Proxies in a row, each of which adds its own entry.</summary>
    public int ForwardLimit { get; set; } = 1;
}

/// <summary>Who is really at the other end of the connection, whatever was forwarded. Null at a Unix socket.</summary>
public sealed record Peer(IPAddress? Address);

public static class ProxySetup
{
    public static IServiceCollection AddProxy(this IServiceCollection services)
    {
        services.AddOptions<ProxyOptions>().BindConfiguration("Proxy")
            .Validate(o => o.TrustedNetworks.All(Networks.IsPeer), $"Proxy:TrustedNetworks takes networks such as 10.0.0.0/24, or {Networks.Unix}.")
            .Validate(o => o.ForwardLimit is > 0 and <= 10, "Proxy:ForwardLimit must be between 1 and 10.")
            .ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((options, proxy) =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                | (proxy.Value.AllowedHosts.Count > 0 ? ForwardedHeaders.XForwardedHost : ForwardedHeaders.None);
            options.AllowedHosts = [.. proxy.Value.AllowedHosts];
            options.ForwardLimit = proxy.Value.ForwardLimit;

            // Loopback is in the framework's lists: here it is trusted only where an operator says so.
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in proxy.Value.TrustedNetworks.Select(Networks.Read).OfType<System.Net.IPNetwork>())
            {
                options.KnownIPNetworks.Add(network);
            }
        });
        return services;
    }

    /// <summary>First of all: what comes after sees the citizen's address and scheme.</summary>
    public static void UseProxy(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            context.Features.Set(new Peer(context.Connection.RemoteIpAddress));
            return next(context);
        });
        if (app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.TrustedNetworks.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }
}
