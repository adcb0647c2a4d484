namespace Governance.Domain.Proxy.Resilience;

/// <summary>What an attempt says about the connection.</summary>
public enum AttemptVerdict
{
    /// <summary>The provider answered: also where it refused what the caller asked.</summary>
    Sound,

    /// <summary>The provider failed.</summary>
    Failed,

    /// <summary>It says nothing: the caller hung up, or the provider is merely busy.</summary>
    Nothing,
}
