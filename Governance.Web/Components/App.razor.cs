using System.Globalization;
using Governance.Web.Components.Shared;
using Governance.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Governance.Web.Components;

/// <summary>The document around every page; it runs once per request, on the server, never in a circuit.</summary>
public sealed partial class App
{
    private static readonly string[] Sheets = ["tokens", "base", "shell", "parts", "tables", "people", "charts", "account", "access", "reviews", "audit", "providers"];
    private static readonly InteractiveServerRenderMode Interactive = new(prerender: false);

    private ClientInfo _client = ClientInfo.Unknown;
    private string _nonce = "";

    [CascadingParameter]
    private HttpContext Http { get; set; } = default!;

    /// <summary>Account pages set cookies, which a circuit cannot: they are rendered by the request itself.</summary>
    private InteractiveServerRenderMode? Mode => Http.GetEndpoint()?.Metadata.GetMetadata<ExcludeFromInteractiveRoutingAttribute>() is null ? Interactive : null;

    protected override void OnInitialized()
    {
        _nonce = Http.CspNonce();
        _client = new ClientInfo(
            Http.Request.Cookies["theme"] is "light" or "dark" ? Http.Request.Cookies["theme"] : null,
            CultureInfo.CurrentCulture.Name,
            Http.Connection.RemoteIpAddress?.ToString(),
            Http.Request.Headers.UserAgent.ToString());
    }
}
