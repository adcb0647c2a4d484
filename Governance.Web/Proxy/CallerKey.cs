using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>Finds the key in whichever place the provider's SDK puts it.</summary>
internal static class CallerKey
{
    private const string Scheme = "Bearer ";

    /// <summary>The key; none if none was sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">Whose SDK sends it; none if a connection was called by name.</param>
    public static string? Find(HttpRequest request, Provider? kind)
    {
        if (kind is not null && kind.KeyHeader != Provider.Bearer && request.Headers[kind.KeyHeader].ToString().Trim() is { Length: > 0 } own) return own;
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length) return header[Scheme.Length..].Trim();
        return kind?.KeyHeader == "x-goog-api-key" && request.Query["key"].ToString() is { Length: > 0 } inQuery ? inQuery : null;
    }
}
