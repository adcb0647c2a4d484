using Governance.Domain.Proxy;
using Governance.Domain.Proxy.OpenAi;
using Microsoft.AspNetCore.Http.Features;

namespace Governance.Web.Proxy;

/// <summary>What a caller addressed below <c>/proxy</c>: <c>/proxy/&lt;provider or connection&gt;/&lt;the provider's own path&gt;</c>.</summary>
/// <param name="Name">The first segment.</param>
/// <param name="Path">What follows it, escaped as the caller sent it.</param>
/// <param name="Query">The query with its question mark, without a key; empty if there is none.</param>
/// <param name="Kind">The provider of that segment; none if it names a connection, or nothing.</param>
internal sealed record CallTarget(string Name, string Path, string Query, Provider? Kind)
{
    private const string Root = "/proxy/";

    /// <summary>How errors look until it is known which API was called.</summary>
    public ErrorShape Errors => Kind?.Routes[0].Api.Errors ?? OpenAiErrors.Instance;

    public static CallTarget Of(HttpContext http)
    {
        // The routed path is unescaped, and a model's name can hold an escaped slash.
        var raw = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var start = raw.IndexOf(Root, StringComparison.OrdinalIgnoreCase);
        var rest = start < 0 ? "" : raw[(start + Root.Length)..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (rest, "") : (rest[..question], WithoutKey(rest[question..]));
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var name = Uri.UnescapeDataString(slash < 0 ? path : path[..slash]);
        return new CallTarget(name, slash < 0 ? "" : path[slash..], query, Providers.OfBase(name));
    }

    /// <summary>A key that stands in the query is the caller's, and goes no further.</summary>
    private static string WithoutKey(string query)
    {
        var kept = query[1..].Split('&').Where(part => part.Length > 0 && part != "key" && !part.StartsWith("key=", StringComparison.OrdinalIgnoreCase)).ToList();
        return kept.Count == 0 ? "" : "?" + string.Join('&', kept);
    }
}
