using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Audit;

/// <summary>How the audit log is kept.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>How often events get their place in the tree. An event waits at most so long, and what it takes to write them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:01", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SequenceEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often, at most, a checkpoint is signed while the log grows.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan CheckpointEvery { get; set; } = TimeSpan.FromSeconds(10);
}
