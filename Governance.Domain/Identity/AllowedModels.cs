namespace Governance.Domain.Identity;

/// <summary>
/// The models a key may call: ids as callers send them, or prefixes that end in <c>*</c>. Case counts, as it does at the providers. An empty
/// list allows every model.
/// </summary>
public static class AllowedModels
{
    public const int MaxCount = 50;
    public const int MaxLength = 200;

    private const char Wildcard = '*';

    public static bool Permit(IReadOnlyList<string> allowed, string model)
    {
        if (allowed.Count == 0) return true;
        foreach (var pattern in allowed)
        {
            var matches = pattern[^1] == Wildcard ? model.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal) : pattern == model;
            if (matches) return true;
        }

        return false;
    }

    /// <summary>Reads what a person typed: one a line, or separated by commas or spaces; each is kept once.</summary>
    public static IReadOnlyList<string> Parse(string? text) =>
        [.. (text ?? "").Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>What is wrong with a list, in one sentence; none if nothing is.</summary>
    public static string? ProblemOf(IReadOnlyList<string> allowed)
    {
        if (allowed.Count > MaxCount) return $"Name at most {MaxCount} models; a prefix such as gpt-5* covers several.";
        foreach (var pattern in allowed)
        {
            if (pattern.Length is 0 or > MaxLength || pattern.Any(char.IsWhiteSpace))
                return $"Each model has 1 to {MaxLength} characters and no spaces.";
            if (pattern.Length == 1 && pattern[0] == Wildcard) return "'*' would allow every model: leave the list empty for that.";
            if (pattern.AsSpan()[..^1].Contains(Wildcard)) return $"'{pattern}': '*' can only stand at the end, for every model that begins so.";
        }

        return null;
    }
}
