namespace Governance.Domain.Proxy;

/// <summary>What an estimate rests on, from the roughest to the finest.</summary>
public enum RatioBasis
{
    /// <summary>Nothing was measured: <see cref="TokenEstimator.DefaultMilliBytes"/>.</summary>
    Default,

    /// <summary>All models of the provider.</summary>
    Provider,

    /// <summary>The model with all its dated snapshots.</summary>
    Family,

    /// <summary>The model itself.</summary>
    Model,
}

/// <summary>How many bytes make a token, as measured.</summary>
/// <param name="Provider">Whose tokens.</param>
/// <param name="Basis">What was measured.</param>
/// <param name="Name">The model or family; empty for a whole provider.</param>
/// <param name="Side">Prompts or answers.</param>
/// <param name="Rows">On how many calls it rests.</param>
/// <param name="MilliBytes">Bytes a token in thousandths: the median of the calls' ratios.</param>
public sealed record TokenRatio(string Provider, RatioBasis Basis, string Name, TokenSide Side, int Rows, long MilliBytes);
