namespace Governance.Domain.Proxy;

/// <summary>The labels a caller puts on a call in the header <c>x-governance-tags: name=value, name=value</c>.</summary>
public static class CallTags
{
    public const string Header = "x-governance-tags";
    public const int MaxTags = 20;
    public const int MaxNameLength = 64;
    public const int MaxValueLength = 128;

    /// <summary>Reads the header; answers the tags by name, or what is wrong with them.</summary>
    public static (IReadOnlyDictionary<string, string> Tags, string? Error) Parse(string? header)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(header)) return (tags, null);

        foreach (var part in header.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return (tags, "a tag has no '=' or no name.");

            var name = part[..equals].TrimEnd().ToLowerInvariant();
            var value = part[(equals + 1)..].TrimStart();
            if (name.Length > MaxNameLength || !name.All(IsNameCharacter))
                return (tags, $"a name is longer than {MaxNameLength} characters or holds other than letters, digits, '-', '_' and '.'.");
            if (value.Length > MaxValueLength || value.Any(char.IsControl))
                return (tags, $"the value of '{name}' is longer than {MaxValueLength} characters or holds control characters.");
            if (!tags.TryAdd(name, value)) return (tags, $"'{name}' is given twice.");
            if (tags.Count > MaxTags) return (tags, $"there are more than {MaxTags}.");
        }

        return (tags, null);
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
