namespace Governance.Infrastructure.Jobs;

/// <summary>What becomes of a work item. Whether a process has it at the moment, its lock tells.</summary>
public enum WorkState
{
    /// <summary>It is tried when it is due.</summary>
    Waiting,

    /// <summary>It failed too often, and is not tried any more until a person says so.</summary>
    Quarantined,

    /// <summary>Its handler said that a person is needed: trying again would change nothing.</summary>
    Manual,
}
