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

    /// <summary>How many items of a kind a process works on at once.</summary>
    [Range(1, 100)]
    public int AtOnce { get; set; } = 4;

    /// <summary>How often the figures for monitoring are counted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CountInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>From so many items of an organisation on, waiting or stopped, those who may do something about it are told.</summary>
    [Range(1, 100_000_000)]
    public int AlarmSize { get; set; } = 1000;

    /// <summary>Once an item of an organisation is this old, those who may do something about it are told.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan AlarmAge { get; set; } = TimeSpan.FromDays(1);
}
