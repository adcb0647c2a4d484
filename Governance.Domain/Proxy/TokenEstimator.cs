using Governance.Domain.Costs;

namespace Governance.Domain.Proxy;

/// <summary>
/// Estimates tokens from bytes where a provider reported none, by what it reported for other calls: the ratio of the model, else of its family,
/// else of its provider, else four bytes a token. A ratio is the median over calls, so that a few odd ones (an image in a prompt, an answer that
/// was all reasoning) do not move it.
/// </summary>
public sealed class TokenEstimator(IEnumerable<TokenRatio> ratios)
{
    /// <summary>A ratio that rests on fewer calls is not used.</summary>
    public const int MinRows = 30;

    /// <summary>English text runs at about four bytes a token (OpenAI, "What are tokens and how to count them?").</summary>
    public const long DefaultMilliBytes = 4000;

    private readonly Dictionary<(string, RatioBasis, string, TokenSide), TokenRatio> _ratios = ratios
        .Where(ratio => ratio is { Rows: >= MinRows, MilliBytes: > 0 })
        .ToDictionary(ratio => (ratio.Provider, ratio.Basis, ratio.Name, ratio.Side));

    /// <summary>What is used before anything was measured.</summary>
    public static TokenEstimator Uncalibrated { get; } = new([]);

    /// <summary>What is used for a text of a model.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="model">The model; none if it is not known.</param>
    /// <param name="side">Prompt or answer.</param>
    public TokenRatio Find(string provider, string? model, TokenSide side) =>
        (model is null ? null : Measured(provider, RatioBasis.Model, model, side) ?? Measured(provider, RatioBasis.Family, ModelFamily.Of(model) ?? model, side))
        ?? Measured(provider, RatioBasis.Provider, "", side)
        ?? new TokenRatio(provider, RatioBasis.Default, "", side, 0, DefaultMilliBytes);

    /// <summary>The tokens of a text, rounded up.</summary>
    public long Estimate(string provider, string? model, TokenSide side, long bytes)
    {
        var ratio = Find(provider, model, side).MilliBytes;
        return (long)(((Int128)bytes * 1000 + ratio - 1) / ratio);
    }

    /// <summary>The ratios that calls show, whether or not there are enough of them to be used.</summary>
    public static IReadOnlyList<TokenRatio> Measure(IEnumerable<TokenSample> samples)
    {
        var usable = samples.Where(sample => sample.IsUsable).ToList();
        return
        [
            .. Grouped(usable, RatioBasis.Model, sample => sample.Model),
            .. Grouped(usable, RatioBasis.Family, sample => ModelFamily.Of(sample.Model) ?? sample.Model),
            .. Grouped(usable, RatioBasis.Provider, _ => ""),
        ];
    }

    private static IEnumerable<TokenRatio> Grouped(IEnumerable<TokenSample> samples, RatioBasis basis, Func<TokenSample, string> name) =>
        from sample in samples
        group (long)((Int128)sample.Bytes * 1000 / sample.Tokens) by (sample.Provider, Name: name(sample), sample.Side) into model
        let sorted = model.Order().ToList()
        select new TokenRatio(model.Key.Provider, basis, model.Key.Name, model.Key.Side, sorted.Count, Math.Max(1, Median(sorted)));

    /// <summary>The middle one, or halfway between the two in the middle.</summary>
    private static long Median(List<long> sorted)
    {
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
    }

    private TokenRatio? Measured(string provider, RatioBasis basis, string name, TokenSide side) => _ratios.GetValueOrDefault((provider, basis, name, side));
}
