namespace Governance.Infrastructure.Jobs;

/// <summary>Something that is done again and again.</summary>
public interface IJob
{
    /// <summary>Stable; it names the lease.</summary>
    string Name { get; }

    TimeSpan Interval { get; }

    JobScope Scope { get; }

    /// <summary>Does it once. An exception is recorded, and the next interval tries again.</summary>
    Task RunAsync(CancellationToken cancellation);
}

public enum JobScope
{
    /// <summary>Each process does it for itself.</summary>
    EveryProcess,

    /// <summary>One process does it at a time, whichever holds the lease.</summary>
    OnceAcrossProcesses,
}
