using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Jobs;

/// <summary>How several processes on one database know of each other.</summary>
public sealed class ProcessOptions
{
    public const string Section = "Processes";

    /// <summary>How often a process says that it lives.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A process that has not been seen for this long is dead, and the calls it left open are closed as interrupted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(30);
}
