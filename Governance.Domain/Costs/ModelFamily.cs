using System.Text.RegularExpressions;

namespace Governance.Domain.Costs;

/// <summary>What a dated model is a snapshot of.</summary>
public static partial class ModelFamily
{
    /// <summary>gpt-5-mini-2025-08-07 → gpt-5-mini, claude-haiku-4-5-20251001 → claude-haiku-4-5; none for a model without a date.</summary>
    public static string? Of(string model)
    {
        var match = DateSuffix().Match(model);
        return match.Success ? model[..match.Index] : null;
    }

    [GeneratedRegex(@"(?<=.)[-@](?:\d{4}-\d{2}-\d{2}|\d{8})$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex DateSuffix();
}
