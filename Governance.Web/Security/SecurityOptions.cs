using System.ComponentModel.DataAnnotations;

namespace Governance.Web.Security;

/// <summary>What an operator may change about how the site protects itself. The defaults are safe.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>The largest body of a request to a page or the API, in bytes. The proxy has its own bound, Proxy:MaxRequestBytes.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int MaxRequestBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a browser insists on HTTPS after it saw the site over HTTPS.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1095.00:00:00")]
    public TimeSpan HstsMaxAge { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Whether it insists on HTTPS for the host's subdomains, too.</summary>
    public bool HstsIncludeSubDomains { get; set; }

    /// <summary>
    /// Origins beside the site's own to which a form may lead, such as <c>https://login.example.org</c>: browsers hold the
    /// redirects that follow a form post to the same rule. Providers of external sign-in are allowed by themselves; one that
    /// passes people on to another host needs that host here.
    /// </summary>
    public IList<string> FormActionOrigins { get; } = [];
}
