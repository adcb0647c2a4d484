using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Jobs;

/// <summary>How durable work is retried.</summary>
public sealed class WorkQueueOptions
{
    public const string Section = "WorkQueue";

    /// <summary>How often the table is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait after the first failure; it doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>After this many failures an item is quarantined.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 12;
}
