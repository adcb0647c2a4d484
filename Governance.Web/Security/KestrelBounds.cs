using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Governance.Web.Security;

/// <summary>How large and how slow a request may be. What the server bounds well by itself (header sizes, least data rates) is left.</summary>
internal sealed class KestrelBounds(IOptions<SecurityOptions> security) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = security.Value.MaxRequestBodyBytes;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }
}
