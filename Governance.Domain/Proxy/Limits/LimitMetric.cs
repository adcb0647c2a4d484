namespace Governance.Domain.Proxy.Limits;

/// <summary>What a limit counts.</summary>
public enum LimitMetric
{
    /// <summary>Calls let through in 60 seconds.</summary>
    Requests,

    /// <summary>Tokens of the calls let through in 60 seconds: at first an estimate, and what was used once a call has ended.</summary>
    Tokens,

    /// <summary>Calls that are being answered now.</summary>
    Concurrent,
}
