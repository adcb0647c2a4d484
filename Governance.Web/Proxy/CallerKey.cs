using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>Finds the key in whichever place the provider's SDK puts it.</summary>
internal static class CallerKey
{
    private const string Scheme = "Bearer ";

    private const string GoogleHeader = "x-goog-api-key";

    /// <summary>Every place a provider's SDK has of its own.</summary>
    private static readonly string[] OwnHeaders = [.. Providers.All.Select(provider => provider.KeyHeader).Where(header => header != Provider.Bearer).Distinct()];

    /// <summary>The key; none if none was sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">Whose SDK sends it; none if a connection was called by name: of which kind that is, is known only once the key is.</param>
    public static string? Find(HttpRequest request, Provider? kind)
    {
        foreach (var name in OwnHeaders)
        {
            if ((kind is null || kind.KeyHeader == name) && request.Headers[name].ToString().Trim() is { Length: > 0 } own) return own;
        }

        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length) return header[Scheme.Length..].Trim();
        return (kind is null || kind.KeyHeader == GoogleHeader) && request.Query["key"].ToString() is { Length: > 0 } inQuery ? inQuery : null;
    }
}
