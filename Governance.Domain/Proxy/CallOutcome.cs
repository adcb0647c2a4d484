namespace Governance.Domain.Proxy;

/// <summary>How a call ended. Every call ends in exactly one of these; until then it is open.</summary>
public enum CallOutcome
{
    /// <summary>The provider answered and the caller got all of it.</summary>
    Succeeded,

    /// <summary>Refused here; the provider was never called.</summary>
    Refused,

    /// <summary>The provider answered with an error.</summary>
    ProviderError,

    /// <summary>The provider could not be reached.</summary>
    ProviderUnreachable,

    /// <summary>The provider did not answer, or fell silent, for longer than allowed.</summary>
    ProviderTimeout,

    /// <summary>The provider's connection broke in the middle of an answer.</summary>
    ProviderCut,

    /// <summary>The provider's answer could not be understood.</summary>
    ProviderGarbage,

    /// <summary>The caller hung up before the answer was complete; what was produced is still charged.</summary>
    CallerGone,

    /// <summary>This process died during the call; what is known of it is an estimate.</summary>
    Interrupted,
}
