namespace Governance.Web.Security;

/// <summary>
/// Which reverse proxies in front of the site are believed when they say, by X-Forwarded-For, -Proto and -Host, who called, over
/// which scheme and by which name. None by default: then these headers are ignored.
/// </summary>
public sealed class TrustedProxyOptions
{
    public const string Section = "ForwardedHeaders";

    /// <summary>Addresses of proxies, such as <c>10.0.0.4</c>.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Networks in which all proxies are trusted, such as <c>10.0.0.0/24</c>.</summary>
    public IList<string> KnownNetworks { get; } = [];
}
