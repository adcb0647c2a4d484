using System.Collections.Frozen;

namespace Governance.Infrastructure.Identity.Passwords;

/// <summary>
/// The 3,000 most common passwords that are long enough to be tried here (OWASP ASVS v5, 6.2.4); shorter ones are refused for their
/// length. Source and licence stand at the head of the list.
/// </summary>
public static class CommonPasswords
{
    private const string Resource = "common-passwords.txt";

    private static readonly Lazy<FrozenSet<string>> All = new(Load);

    internal static int Count => All.Value.Count;

    /// <summary>Whether it is one of them; upper and lower case are alike.</summary>
    public static bool Contains(string password) => All.Value.Contains(password);

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("# ", StringComparison.Ordinal))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
