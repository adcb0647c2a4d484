using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

/// <summary>
/// Takes caller, scheme and host from forwarded headers, if a trusted proxy sent them. It has the last word, so that the
/// framework's own switch, which trusts everybody, changes nothing.
/// </summary>
internal sealed class TrustedProxies(IOptions<TrustedProxyOptions> trusted, IConfiguration configuration) : IPostConfigureOptions<ForwardedHeadersOptions>
{
    public void PostConfigure(string? name, ForwardedHeadersOptions options)
    {
        var (proxies, networks) = (trusted.Value.KnownProxies, trusted.Value.KnownNetworks);
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies) options.KnownProxies.Add(IPAddress.Parse(proxy));
        foreach (var network in networks) options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));

        // Empty lists would mean that everybody is trusted.
        options.ForwardedHeaders = proxies.Count + networks.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        // A chain of trusted proxies is followed to its first member that is not one: that is the caller.
        options.ForwardLimit = null;
        options.AllowedHosts = AllowedHosts();
    }

    /// <summary>The framework filters the Host header by this setting; a forwarded one is held to the same.</summary>
    private List<string> AllowedHosts()
    {
        var hosts = (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return hosts.Contains("*") ? [] : [.. hosts];
    }
}
