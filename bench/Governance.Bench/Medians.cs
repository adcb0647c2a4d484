namespace Governance.Bench;

/// <summary>The middle of what several rounds gave.</summary>
internal static class Medians
{
    public static Measured Of(List<Measured> rounds) => new(
        Middle(rounds.Select(round => round.PerSecond)), Middle(rounds.Select(round => round.Median)), Middle(rounds.Select(round => round.P99)));

    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
