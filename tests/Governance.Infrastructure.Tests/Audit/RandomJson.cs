using System.Text.Json;

namespace Governance.Infrastructure.Tests.Audit;

/// <summary>Objects of what two programs could write differently: numbers, texts, and the order of members.</summary>
internal static class RandomJson
{
    private static readonly string[] Numbers =
        ["0", "-0", "-0.0", "1.0", "1e21", "1e20", "123456789012345678", "9007199254740993", "0.1", "1e-7", "0.000001", "5e-324", "1.7976931348623157e308", "-1.5E+3", "4.35"];

    public static IReadOnlyList<string> Texts { get; } =
        ["a", "Ann", "é", "e\u0301", "😀", "\uFB33", "\u20AC", "10", "9", "1", "__proto__", "constructor", "\"quoted\"", "back\\slash", "\u2028line", "<b>&amp;</b>", "ud83d \\ud83d", "tab\tand\nline"];

    public static string Object(Random random, int depth)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = random.Next(6); i > 0; i--) members[Texts[random.Next(Texts.Count)]] = Value(random, depth - 1);
        return $"{{{string.Join(',', members.Select(member => $"{JsonSerializer.Serialize(member.Key)}:{member.Value}"))}}}";
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => Numbers[random.Next(Numbers.Length)],
        1 => JsonSerializer.Serialize(Texts[random.Next(Texts.Count)]),
        2 => random.Next(3) switch { 0 => "null", 1 => "true", _ => "false" },
        3 => JsonSerializer.Serialize(random.NextDouble() * Math.Pow(10, random.Next(-20, 20))),
        4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        _ => Object(random, depth - 1),
    };
}
