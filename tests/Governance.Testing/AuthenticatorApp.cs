using Governance.Domain.Identity;

namespace Governance.Testing;

/// <summary>An authenticator app into which somebody has typed the key that a page shows.</summary>
public sealed class AuthenticatorApp(string manualKey)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public byte[] Secret { get; } = Decode(manualKey.Where(char.IsAsciiLetterOrDigit));

    /// <summary>What the app shows at a moment.</summary>
    public string CodeAt(DateTimeOffset at) => Totp.CodeOf(Secret, Totp.StepAt(at));

    /// <summary>A code that the app shows at no moment near this one.</summary>
    public string WrongCodeAt(DateTimeOffset at)
    {
        var near = Enumerable.Range(-3, 7).Select(steps => CodeAt(at + TimeSpan.FromSeconds(steps * Totp.Period))).ToList();
        return Enumerable.Range(0, near.Count + 1).Select(number => $"{number:000000}").First(code => !near.Contains(code));
    }

    private static byte[] Decode(IEnumerable<char> key)
    {
        var bits = string.Concat(key.Select(character => $"{Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal):b5}"));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
