namespace Governance.Domain.Proxy;

/// <summary>How far estimates of a model lie from what its provider reported, measured on calls that they were not calibrated on.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model.</param>
/// <param name="Side">Prompts or answers.</param>
/// <param name="Rows">On how many held-back calls it was measured.</param>
/// <param name="MedianPermille">The median of the absolute error, in thousandths of what was reported.</param>
/// <param name="NinetiethPermille">What nine calls of ten stay within.</param>
/// <param name="UncalibratedPermille">The median that four bytes a token would give.</param>
public sealed record EstimateError(
    string Provider, string Model, TokenSide Side, int Rows, int MedianPermille, int NinetiethPermille, int UncalibratedPermille)
{
    /// <summary>Calibrates on every even call of a model and measures on every odd one.</summary>
    /// <param name="samples">Calls in the order they are counted in.</param>
    public static IReadOnlyList<EstimateError> HeldBack(IEnumerable<TokenSample> samples)
    {
        var models = samples.Where(sample => sample.IsUsable).ToLookup(sample => (sample.Provider, sample.Model, sample.Side));
        var estimator = new TokenEstimator(TokenEstimator.Measure(models.SelectMany(calls => calls.Where((_, index) => index % 2 == 0))));
        return
        [
            .. from calls in models
            let heldBack = calls.Where((_, index) => index % 2 == 1).ToList()
            where heldBack.Count > 0
            let calibrated = Errors(estimator, heldBack)
            let uncalibrated = Errors(TokenEstimator.Uncalibrated, heldBack)
            select new EstimateError(
                calls.Key.Provider, calls.Key.Model, calls.Key.Side, heldBack.Count,
                Rank(calibrated, 50), Rank(calibrated, 90), Rank(uncalibrated, 50)),
        ];
    }

    private static List<int> Errors(TokenEstimator estimator, IEnumerable<TokenSample> samples) =>
    [
        .. samples.Select(sample =>
        {
            var estimate = estimator.Estimate(sample.Provider, sample.Model, sample.Side, sample.Bytes);
            return (int)Int128.Min(Int128.Abs((Int128)estimate - sample.Tokens) * 1000 / sample.Tokens, int.MaxValue);
        }).Order(),
    ];

    /// <summary>The smallest error that a share of the calls stays within (nearest rank).</summary>
    private static int Rank(List<int> sorted, int percent) => sorted[Math.Max(0, (sorted.Count * percent + 99) / 100 - 1)];
}
