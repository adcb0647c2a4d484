namespace Governance.Domain.Proxy.Resilience;

/// <summary>For which models a route is: one name, or all that begin alike, written with a star at the end.</summary>
public static class RoutePattern
{
    public static bool Matches(string pattern, string model) =>
        pattern.EndsWith('*') ? model.StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal) : model == pattern;

    /// <summary>The pattern that fits a model best: its own name, else the longest; none if none fits.</summary>
    public static string? Best(IEnumerable<string> patterns, string model) => patterns
        .Where(pattern => Matches(pattern, model))
        .OrderByDescending(pattern => !pattern.EndsWith('*')).ThenByDescending(pattern => pattern.Length)
        .FirstOrDefault();
}
