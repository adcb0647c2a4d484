namespace Governance.Domain.Proxy;

/// <summary>A kind of provider: whose wire formats it speaks, where callers find them here, and how a key is sent.</summary>
/// <param name="Id">As prices, the ledger and connections name it.</param>
/// <param name="Base">The segment behind <c>/proxy/</c> under which its default connection is called.</param>
/// <param name="DisplayName">As pages and errors call it.</param>
/// <param name="KeyHeader">The header in which its SDKs send a key; <c>Authorization</c> stands for a bearer token.</param>
/// <param name="VersionPrefix">The version that callers put before paths, and that belongs to a connection's base URL; empty if it belongs to the paths.</param>
/// <param name="Routes">The APIs that are served.</param>
public sealed record Provider(string Id, string Base, string DisplayName, string KeyHeader, string VersionPrefix, IReadOnlyList<ApiRoute> Routes)
{
    public const string Bearer = "Authorization";

    /// <summary>The API at a path, and the model the path names.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path behind the base, still escaped, without the query.</param>
    public ApiMatch? Find(string method, string path)
    {
        if (VersionPrefix.Length > 0 && path.StartsWith(VersionPrefix + "/", StringComparison.Ordinal)) path = path[VersionPrefix.Length..];
        foreach (var route in Routes)
        {
            if (route.Match(method, path, out var model)) return new ApiMatch(route.Api, path, model) { Route = route };
        }

        return null;
    }
}

/// <summary>An API, and where it was called.</summary>
/// <param name="Api">The API.</param>
/// <param name="Path">What follows a connection's base URL, still escaped.</param>
/// <param name="Model">The model that the path names, unescaped; none if it names none.</param>
public sealed record ApiMatch(ProviderApi Api, string Path, string? Model)
{
    internal ApiRoute? Route { get; init; }

    /// <summary>The same API called for another model, where the path names it.</summary>
    public ApiMatch ForModel(string model) => Model is null || Route is null ? this : this with { Model = model, Path = Route.PathOf(model) };
}

/// <summary>A method and a path at which an API is called.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path; <c>{model}</c> stands for one segment, or a part of one, that names the model.</param>
/// <param name="Api">What is called there.</param>
public sealed record ApiRoute(string Method, string Pattern, ProviderApi Api)
{
    private const string Placeholder = "{model}";

    private readonly string _before = Pattern.Split(Placeholder)[0];
    private readonly string? _after = Pattern.Contains(Placeholder, StringComparison.Ordinal) ? Pattern.Split(Placeholder)[1] : null;

    /// <summary>The path that names a model.</summary>
    internal string PathOf(string model) => _before + Uri.EscapeDataString(model) + _after;

    internal bool Match(string method, string path, out string? model)
    {
        model = null;
        if (method != Method) return false;
        if (_after is null) return path == Pattern;
        if (path.Length <= _before.Length + _after.Length
            || !path.StartsWith(_before, StringComparison.Ordinal) || !path.EndsWith(_after, StringComparison.Ordinal)) return false;
        var escaped = path[_before.Length..^_after.Length];
        if (escaped.Contains('/', StringComparison.Ordinal)) return false;
        model = Uri.UnescapeDataString(escaped);

        // The path goes on as it came, and a provider that resolves dots would find an API there that is not served.
        return !model.Split('/', '\\').Any(segment => segment is "." or "..");
    }
}
