namespace Governance.Infrastructure.DeadLetters;

/// <summary>Which work a list shows, by how it stands.</summary>
public enum DeadLetterState
{
    /// <summary>What is not tried any more until a person has looked at it: quarantined or manual.</summary>
    Stopped,

    /// <summary>What is tried when it is due.</summary>
    Waiting,

    /// <summary>What a process has at the moment.</summary>
    Working,

    /// <summary>What failed too often.</summary>
    Quarantined,

    /// <summary>What its handler said a person is needed for.</summary>
    Manual,

    /// <summary>All there is.</summary>
    All,
}
