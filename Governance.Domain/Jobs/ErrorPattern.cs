using System.Text.RegularExpressions;

namespace Governance.Domain.Jobs;

/// <summary>
/// What errors have in common that differ only in what they happened to: numbers, ids, addresses and quoted words are taken out, so
/// that a thousand failures of one cause are one group.
/// </summary>
public static partial class ErrorPattern
{
    /// <summary>The longest pattern, in characters.</summary>
    public const int MaxLength = 160;

    /// <summary>Beyond it an error only repeats itself.</summary>
    private const int MaxRead = 1000;

    private const string Nothing = "(no message)";

    /// <summary>The pattern of an error; errors that differ only in details have the same one.</summary>
    public static string Of(string error)
    {
        var text = error.Length > MaxRead ? error[..MaxRead] : error;
        text = Quoted().Replace(text, "'…'");
        text = Address().Replace(text, "(address)");
        text = Identifier().Replace(text, "#");
        text = Number().Replace(text, "#");
        text = Space().Replace(text, " ").Trim();
        if (text.Length == 0) return Nothing;
        return text.Length <= MaxLength ? text : text[..MaxLength].TrimEnd();
    }

    [GeneratedRegex("\"[^\"]*\"|(?<!\\w)'[^']*'(?!\\w)|“[^”]*”|`[^`]*`", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s@<>()]{1,64}@[^\s@<>(),;]{1,255}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    /// <summary>A GUID in either spelling, with a prefix such as <c>req_</c> or without, and any longer run of hex digits.</summary>
    [GeneratedRegex(@"\b(?:[a-z]{2,8}_)?(?=[0-9a-fA-F-]{0,32}[0-9])[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4,})*\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"[0-9]+(?:[.,:][0-9]+)*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
