namespace Governance.Domain.Proxy.Limits;

/// <summary>What another process says of its use of a limit.</summary>
/// <param name="Claim">The most it uses until it says otherwise; none for its even part.</param>
/// <param name="Used">What it has used.</param>
/// <param name="Want">What it had to refuse for want of a larger claim.</param>
/// <param name="WantOne">The smallest single amount of these.</param>
/// <param name="Part">Its even part.</param>
/// <param name="IsEarlier">Whether it joined before the one that asks.</param>
public readonly record struct QuotaClaim(long? Claim, long Used, long Want, long WantOne, long Part, bool IsEarlier)
{
    /// <summary>What nobody else may use.</summary>
    public long Held => Math.Max(Claim ?? Part, Used);

    /// <summary>Whether it has less than its even part, and could serve somebody with that.</summary>
    public bool IsShort => Want > 0 && Held < Part && Used + WantOne <= Part;
}
